import type { Observation, Sample } from '@relman/core/verdict/observation'
import type { Random } from './bench-verdict-random.ts'

/** Kinds of noise that error counts really have; each leaves the mean of both arms where it is. */
export const families = {
  binomial: 'independent requests',
  'shared outage': 'both arms at 3 to 23 times the rate for up to 90 s, now and then',
  'arm noise': "each instance's rate in each look times a log-normal factor, sd 0.3",
  'clumps of 3': 'errors come in geometric clumps of mean 3',
  'clumps of 8': 'errors come in geometric clumps of mean 8',
  'uneven instances': "each instance's rate times a lasting log-normal factor, sd 0.3",
  'autocorrelated instances': "each instance's log rate wanders, sd 0.4, correlation 0.9 from look to look",
  'retry storms': 'each fault is retried on its instance, geometric with mean 16, over two minutes',
  'drift of the canary arm':
    'the log rate of all canary instances wanders together, sd 0.2, correlation 0.97',
  'heavy-tailed instances':
    "each instance's rate times a lasting factor exp(0.2 t), t with 3 degrees of freedom",
  'cold starts': '2 % errors on each canary instance in its first 75 s; a warm-up of 90 s is declared',
  'bad stable instance': 'one of the stable instances at 5 times the rate',
  'bad canary instance': 'one of the canary instances at 10 times the rate',
} as const
export type Family = keyof typeof families

/** Where a service runs: requests a second of both arms, error rate, instances, percent of traffic on the canary. */
export type Place = { rps: number; base: number; canaries: number; stables: number; weight: number }

export const LOOK_SECONDS = 15
const STORM_LOOKS = 8

/** Errors of one instance around `mean`, in clumps of mean `size`. */
function clumped(random: Random, mean: number, size: number): number {
  let sum = 0
  for (let left = random.poisson(mean / size); left > 0; left--) sum += random.geometric(size)
  return sum
}

/** A lasting factor of an instance; its mean is 1 but for the heavy tails, whose median is 1. */
function lasting(family: Family, random: Random, arm: 'canary' | 'stable', index: number): number {
  if (family === 'uneven instances') return Math.exp(0.3 * random.normal() - 0.045)
  if (family === 'heavy-tailed instances') return Math.exp(0.2 * random.heavyTailed())
  if (family === 'bad stable instance' && arm === 'stable' && index === 0) return 5
  if (family === 'bad canary instance' && arm === 'canary' && index === 0) return 10
  return 1
}

type Instance = { factor: number; wander: number; storm: number[]; seen: number }

/**
 * A service of which one look after the other is taken. `next(at, weight, increase)`: weight 0 is before the rollout;
 * `increase` is added to the canary's error rate.
 */
export function service(family: Family, place: Place, random: Random) {
  const instances = new Map<string, Instance>()
  let outage = { left: 0, factor: 1 }
  let drift = 0.2 * random.normal()
  const known = (arm: 'canary' | 'stable', index: number): Instance => {
    const name = `${arm}-${index}`
    const old = instances.get(name)
    if (old) return old
    const factor = lasting(family, random, arm, index)
    const storm = new Array<number>(STORM_LOOKS).fill(0)
    const made = { factor, wander: 0.4 * random.normal(), storm, seen: 0 }
    instances.set(name, made)
    return made
  }
  const errors = (one: Instance, mean: number): number => {
    if (family === 'clumps of 3') return clumped(random, mean, 3)
    if (family === 'clumps of 8') return clumped(random, mean, 8)
    if (family !== 'retry storms') return random.poisson(mean)
    for (let left = random.poisson(mean / 16); left > 0; left--)
      for (let retry = random.geometric(16); retry > 0; retry--) {
        const look = retry === 1 ? 0 : Math.floor(random.uniform() * STORM_LOOKS)
        one.storm[look] = (one.storm[look] ?? 0) + 1
      }
    one.storm.push(0)
    return one.storm.shift() ?? 0
  }
  const sample = (arm: 'canary' | 'stable', index: number, share: number, increase: number): Sample => {
    const one = known(arm, index)
    one.wander = 0.9 * one.wander + Math.sqrt(1 - 0.81) * 0.4 * random.normal()
    const total = random.poisson(place.rps * LOOK_SECONDS * share)
    let rate = place.base * outage.factor * one.factor
    if (family === 'arm noise') rate *= Math.exp(0.3 * random.normal() - 0.045)
    if (family === 'autocorrelated instances') rate *= Math.exp(one.wander - 0.08)
    if (family === 'drift of the canary arm' && arm === 'canary') rate *= Math.exp(drift - 0.02)
    const age = one.seen++ * LOOK_SECONDS
    if (family === 'cold starts' && arm === 'canary' && age < 75) rate += 0.02
    const events = Math.min(total, errors(one, total * (rate + increase)))
    return { instance: `${arm}-${index}`, total, events, ...(arm === 'canary' ? { age } : {}) }
  }
  return (at: number, weight: number, increase = 0, canaries = place.canaries): Observation => {
    if (family === 'shared outage') {
      outage = outage.left > 0 ? { ...outage, left: outage.left - 1 } : { left: 0, factor: 1 }
      if (random.uniform() < 0.03)
        outage = { left: 1 + Math.floor(random.uniform() * 6), factor: 3 + random.uniform() * 20 }
    }
    drift = 0.97 * drift + Math.sqrt(1 - 0.97 ** 2) * 0.2 * random.normal()
    const arm = (name: 'canary' | 'stable', count: number, share: number, more: number) =>
      Array.from({ length: count }, (_, index) => sample(name, index, share / count, more))
    return {
      schema: 1,
      metric: 'errors',
      kind: 'ratio',
      from: at,
      to: at + LOOK_SECONDS,
      weight,
      canary: weight > 0 ? arm('canary', canaries, weight / 100, increase) : [],
      stable: arm('stable', place.stables, 1 - weight / 100, 0),
    }
  }
}
