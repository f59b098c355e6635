import { type Promised, type PromisedCheck, promisesOf } from '../criterion/promise.ts'
import { nearest } from './nearest.ts'

type Policy = { criteria?: readonly string[] | undefined; checks: readonly PromisedCheck[] }

/** What `metrics.criteria` promises of the checks. Faults were refused when the configuration was read. */
export const readPromises = ({ criteria = [], checks }: Policy): Promised[] =>
  promisesOf(criteria, checks, nearest).promises

/** Every fault of `metrics.criteria`, with the character of the text that it begins at. */
export const criteriaFaults = ({ criteria = [], checks }: Policy) =>
  promisesOf(criteria, checks, nearest).faults
