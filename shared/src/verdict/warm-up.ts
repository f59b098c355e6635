import { requests, type Sample } from './observation.ts'

/** Of one arm at one weight: the instances seen cold and not warm yet, with their last age, and whether one was lost. */
export type ArmWarmUp = { cold: [instance: string, age: number][]; spent: boolean }

/** What is remembered of warm-ups. JSON. */
export type WarmUps = { weight: number; canary: ArmWarmUp; stable: ArmWarmUp }

/** No instance seen at this weight. */
export function openWarmUps(weight: number): WarmUps {
  return { weight, canary: { cold: [], spent: false }, stable: { cold: [], spent: false } }
}

/**
 * The samples of an arm past their warm-up, and the share of its requests (of plain values, of its instances) that is left
 * out because of it. An arm has one warm-up at a weight: once an instance is replaced, or begins anew, that was never seen
 * past its own, requests of cold instances are judged like any others. Else a version that fails until it is killed would be
 * cold for ever.
 */
export function pastWarmUp(
  { cold, spent }: ArmWarmUp,
  samples: readonly Sample[],
  warmUpSeconds: number,
): { warm: Sample[]; leftOut: number; after: ArmWarmUp } {
  const young = samples.flatMap(({ instance, age }): [string, number][] =>
    age !== undefined && age < warmUpSeconds ? [[instance, age]] : [],
  )
  const known = new Map(cold)
  const present = new Set(samples.map(({ instance }) => instance))
  const isNew = young.some(([instance]) => !known.has(instance))
  const beganAnew = young.some(([instance, age]) => age <= (known.get(instance) ?? Number.NEGATIVE_INFINITY))
  const isReplaced = isNew && cold.some(([instance]) => !present.has(instance))
  if (spent || beganAnew || isReplaced)
    return { warm: [...samples], leftOut: 0, after: { cold: [], spent: true } }
  const names = new Set(young.map(([instance]) => instance))
  const warm = samples.filter(({ instance }) => !names.has(instance))
  const absent = cold.filter(([instance]) => !present.has(instance))
  return {
    warm,
    leftOut: 1 - sizeOf(warm) / Math.max(sizeOf(samples), 1),
    after: { cold: [...absent, ...young], spent },
  }
}

function sizeOf(samples: readonly Sample[]): number {
  const isValue = samples.some(({ value }) => value !== undefined)
  return isValue ? samples.length : samples.reduce((sum, sample) => sum + requests(sample), 0)
}
