import type { MetricCheck } from '../config/metrics-policy.ts'
import { type MetricCriterion, observedBy } from '../verdict/criterion.ts'
import { type Observation, requests } from '../verdict/observation.ts'
import { type Fault, usableArms } from '../verdict/usable-arms.ts'

/** What was told last of the new version by one check. Times are Unix seconds. */
export type Told = {
  /** The end of the newest interval, and of the newest that held anything of the new version; 0 before any. */
  to: number
  heardTo: number
  /** The newest interval in which it served what can be judged; its beginning and end. */
  servedFrom: number
  servedTo: number
  /** What is wrong with the newest interval, seen from the new version alone. */
  fault: Fault | null
}

export const untold: Told = {
  to: 0,
  heardTo: 0,
  servedFrom: Number.NEGATIVE_INFINITY,
  servedTo: 0,
  fault: null,
}

/**
 * The required checks that show whether the new version serves anybody: those that count requests of users; where none
 * does, those of probes; else the plain values. Empty where nothing is required.
 */
export const trafficChecks = (checks: readonly MetricCheck[]): string[] => {
  const required = checks.filter((check) => check.required)
  const counted = required.filter(({ kind }) => kind !== 'value')
  const ofUsers = counted.filter(({ provider }) => provider !== 'probes')
  return [ofUsers, counted, required].find((some) => some.length > 0)?.map(({ name }) => name) ?? []
}

/**
 * What is known of the new version after one more observation. The stable version is left aside: where it is idle, cold or
 * gone, that says nothing of the new one, and the verdict's reason does not tell which of the two it is about.
 */
export const afterObservation = (
  before: Told,
  observation: Observation,
  criteria: readonly MetricCriterion[],
  warmUpSeconds: number,
): Told => {
  const criterion = criteria.find((one) => observedBy(one) === observation.metric)
  const { from, to } = observation
  if (!criterion || to < before.to) return before
  const alone = { ...criterion, margins: [] }
  const seen = usableArms({ ...observation, stable: [] }, alone, { warmUpSeconds, after: null })
  const served = seen.canary.some((sample) => criterion.kind === 'value' || requests(sample) > 0)
  return {
    to,
    heardTo: observation.canary.length > 0 ? to : before.heardTo,
    ...(served
      ? { servedFrom: from, servedTo: to }
      : { servedFrom: before.servedFrom, servedTo: before.servedTo }),
    fault: seen.fault,
  }
}

/** Whether nothing stands in the way of judging the new version by the newest interval; being idle does not. */
export const isSound = ({ fault }: Told): boolean => fault === null || fault.reason === 'no-traffic'
