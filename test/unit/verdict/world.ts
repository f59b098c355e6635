import type { MetricCriterion } from '@relman/core/verdict/criterion'
import { look, openJudge } from '@relman/core/verdict/judge'
import type { Observation, Sample } from '@relman/core/verdict/observation'
import type { JudgeSettings } from '@relman/core/verdict/settings'
import type { Verdict } from '@relman/core/verdict/verdict'
import { type Random, randomFrom } from '../../../scripts/bench-verdict-random.ts'

/** Kinds of noise that error counts really have. */
export const families = [
  'poisson',
  'shared outages',
  'clumps of 3',
  'clumps of 8',
  'uneven instances',
  'drifting instances',
] as const
export type Family = (typeof families)[number]

export type World = {
  family: Family
  rps: number
  base: number
  canaries: number
  stables: number
  weight: number
}

const clumps: Partial<Record<Family, number>> = { 'clumps of 3': 3, 'clumps of 8': 8 }

/** A service whose looks of 15 s can be taken one after the other; `increase` is added to the canary's error rate. */
export const service = (world: World, random: Random) => {
  const { family, rps, base, canaries, stables, weight } = world
  const unevenness = () => (family === 'uneven instances' ? Math.exp(0.3 * random.normal() - 0.045) : 1)
  const factors = new Map<string, number>()
  const drifts = new Map<string, number>()
  let outage = { left: 0, factor: 1 }
  const errors = (mean: number) => {
    const size = clumps[family]
    if (!size) return random.poisson(mean)
    let sum = 0
    for (let left = random.poisson(mean / size); left > 0; left--) sum += random.geometric(size)
    return sum
  }
  const sample = (instance: string, share: number, increase: number): Sample => {
    if (!factors.has(instance)) factors.set(instance, unevenness())
    const drift = 0.9 * (drifts.get(instance) ?? 0) + Math.sqrt(1 - 0.81) * 0.4 * random.normal()
    drifts.set(instance, drift)
    const drifting = family === 'drifting instances' ? Math.exp(drift - 0.08) : 1
    const total = random.poisson(rps * 15 * share)
    const rate = base * outage.factor * (factors.get(instance) ?? 1) * drifting + increase
    return { instance, total, events: Math.min(total, errors(total * rate)) }
  }
  return (at: number, withCanary: boolean, increase = 0): Observation => {
    if (family === 'shared outages') {
      outage = { ...outage, left: outage.left - 1 }
      if (outage.left < 0) outage = { left: 0, factor: 1 }
      if (random.uniform() < 0.03)
        outage = { left: Math.floor(random.uniform() * 6), factor: 3 + random.uniform() * 20 }
    }
    const arm = (name: string, count: number, share: number, more: number) =>
      Array.from({ length: count }, (_, i) => sample(`${name}-${i}`, share / count, more))
    return {
      schema: 1,
      metric: 'errors',
      kind: 'ratio',
      from: at,
      to: at + 15,
      weight: withCanary ? weight : 0,
      canary: withCanary ? arm('canary', canaries, weight / 100, increase) : [],
      stable: arm('stable', stables, withCanary ? 1 - weight / 100 : 1, 0),
    }
  }
}

export const errorsWithin = (...margins: number[]): MetricCriterion => ({
  metric: 'errors',
  kind: 'ratio',
  direction: 'lower-is-better',
  margins,
  required: true,
  written: 'error-rate < baseline + 0.1 %',
})

/** History of the stable version, `looks` of 15 s ending at 0. */
export const historyOf = (next: ReturnType<typeof service>, looks: number): Observation[] =>
  Array.from({ length: looks }, (_, i) => next((i - looks) * 15, false))

/** Looks of one step until the judge decides; null when it never does. */
export const bake = (
  world: World,
  seed: number,
  {
    increase = 0,
    looks = 40,
    settings = {},
  }: { increase?: number; looks?: number; settings?: Partial<JudgeSettings> } = {},
): { verdict: Verdict; seconds: number; healthyAt: number | null } => {
  const next = service(world, randomFrom(seed))
  let state = openJudge({ criteria: [errorsWithin(0.001)], history: historyOf(next, 40), ...settings })
  let healthyAt: number | null = null
  for (let i = 0; ; i++) {
    const seconds = (i + 1) * 15
    const step = { index: 0, last: true, elapsedSeconds: seconds, weight: world.weight }
    const answer = look(state, [next(i * 15, true, increase)], step)
    state = answer.state
    if (answer.verdict.verdict === 'healthy') healthyAt ??= seconds
    if (answer.verdict.verdict === 'unhealthy' || i === looks - 1)
      return { verdict: answer.verdict, seconds, healthyAt }
  }
}
