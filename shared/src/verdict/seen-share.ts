import { type Observation, requests, type Sample } from './observation.ts'

/** Requests of both arms at one weight, and the most canary instances that served at once. JSON. */
export type SeenShare = { weight: number; canary: number; stable: number; instances?: number }

/** Fewer requests show no share. */
const ENOUGH = 50
/** Fewer requests than these, of those that should have come, may be missing by chance. */
const ENOUGH_MISSED = 20

/**
 * The requests that were seen, with those of one more observation: looks of a quiet service say only together whether the
 * arms are exchanged. From nothing where the weight changed; what shrank is not what is to be expected.
 */
export function shareWith(seen: SeenShare | null, observation: Observation): SeenShare {
  const { weight } = observation
  const before = seen?.weight === weight ? seen : { canary: 0, stable: 0, instances: 0 }
  if (seen && shrankTo(seen, observation)) return seen
  return {
    weight,
    canary: before.canary + served(observation.canary),
    stable: before.stable + served(observation.stable),
    instances: Math.max(before.instances ?? 0, serving(observation.canary)),
  }
}

/**
 * The arms' shares fit the weight better when exchanged, by far: exchanged labels, or clients of a failing version that ask
 * again and again. Cannot be told between a third and two thirds.
 */
export function looksExchanged({ weight, canary, stable }: SeenShare): boolean {
  if (weight <= 0 || weight >= 100) return false
  if (!isEnough({ canary, stable }) || canary === 0 || stable === 0) return false
  const wanted = Math.log(weight / (100 - weight))
  return Math.abs(wanted) > Math.LN2 && Math.sign(wanted) * (Math.log(canary / stable) + wanted) < Math.LN2
}

/** Whether so many requests show a share. */
export function isEnough({ canary, stable }: { canary: number; stable: number }): boolean {
  return canary + stable >= ENOUGH
}

/**
 * What shrank, in words: at the same weight, fewer than half as many canary instances serve a share of the requests whose
 * odds are less than half of what they were. An instance that is gone takes its errors with it. Else null.
 */
export function shrankTo(seen: SeenShare, { weight, canary, stable }: Observation): string | null {
  const { instances = 0 } = seen
  const now = { canary: served(canary), stable: served(stable), instances: serving(canary) }
  if (seen.weight !== weight || !isEnough(seen) || !(now.stable > 0) || !(seen.stable > 0)) return null
  const expected = (seen.canary / seen.stable) * now.stable
  if (expected < ENOUGH_MISSED || now.canary === 0) return null
  if (2 * now.instances > instances || !(2 * now.canary < expected)) return null
  return `${now.instances} of ${instances} canary instances serve ${Math.round(now.canary)} requests where ${Math.round(expected)} were to be expected`
}

function served(samples: readonly Sample[]): number {
  return samples.reduce((sum, sample) => sum + requests(sample), 0)
}

function serving(samples: readonly Sample[]): number {
  return samples.filter((sample) => requests(sample) > 0).length
}
