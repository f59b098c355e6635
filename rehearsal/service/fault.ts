import { BadRequest } from './bad-request.ts'

/** What can be wrong with the canary; the stable version never has a fault. */
export const faultNames = [
  'errors',
  'slow-tail',
  'crash',
  'dependency',
  'business-decline',
  'late-errors',
  'no-data',
] as const

export type FaultName = (typeof faultNames)[number]

/** A fault and the weight, in percent, from which it acts; once reached it stays until it is set anew. */
export interface Fault {
  name: FaultName | 'none'
  fromWeight: number
}

/** How long `crash` and `no-data` leave the canary alone after its first request, in milliseconds. */
export const faultDelay = 3000

export const noFault: Fault = { name: 'none', fromWeight: 0 }

/**
 * Reads a fault from `{"name": "errors", "from-weight": 25}`; `from-weight` is 0 by default, 25 for `late-errors`.
 * Throws a `BadRequest` with one sentence where the name is unknown or the weight is none.
 */
export function parseFault(value: unknown): Fault {
  const { name, 'from-weight': from } = (value ?? {}) as { name?: unknown; 'from-weight'?: unknown }
  const known = name === null ? 'none' : ['none', ...faultNames].find((candidate) => candidate === name)
  if (known === undefined) {
    throw new BadRequest(
      `${JSON.stringify(name) ?? 'A missing name'} is not a fault; write none or one of ${faultNames.join(', ')}.`,
    )
  }
  const fromWeight = from ?? (known === 'late-errors' ? 25 : 0)
  return { name: known as Fault['name'], fromWeight: parseWeight(fromWeight, 'from-weight') }
}

/** A share of the traffic in percent, 0 to 100, fractions allowed; throws a `BadRequest` with one sentence otherwise. */
export function parseWeight(value: unknown, name: string): number {
  if (typeof value === 'number' && value >= 0 && value <= 100) return value
  throw new BadRequest(
    `${name} is ${JSON.stringify(value) ?? 'missing'}; write a number from 0 to 100 (percent).`,
  )
}
