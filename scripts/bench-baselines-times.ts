import { learnTimes, pairObservations, timePairs } from '@relman/core/history/times'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import { look, openJudge } from '@relman/core/verdict/judge'
import type { Observation } from '@relman/core/verdict/observation'
import { LOOK_SECONDS } from './bench-verdict-noise.ts'
import { type Random, randomFrom, seedOf } from './bench-verdict-random.ts'
import { errorsWithin } from './bench-verdict-runs.ts'

/** How the error rate of a service that nobody changes moves with time. */
export const times = {
  still: 'the rate never changes',
  'hour of the day': 'the log rate follows a sine of a day, amplitude 0.3',
  wandering: 'the log rate wanders, sd 0.3, half of it forgotten in two hours',
  outages: '3 to 23 times the rate for up to 90 s, in 3 looks of 100',
} as const
export type Times = keyof typeof times

const day = 86_400
const looks = 40
const rps = 200
const share = 0.25

/** The factor of the rate at each look of two days, as one service met it. */
const factors = (kind: Times, { normal, uniform }: Random): number[] => {
  const phase = uniform() * 2 * Math.PI
  let wander = 0.3 * normal()
  let outage = { left: 0, factor: 1 }
  const keep = 0.5 ** (LOOK_SECONDS / 7200)
  return Array.from({ length: (2 * day) / LOOK_SECONDS }, (_, i) => {
    wander = keep * wander + Math.sqrt(1 - keep ** 2) * 0.3 * normal()
    outage = outage.left > 0 ? { ...outage, left: outage.left - 1 } : { left: 0, factor: 1 }
    if (uniform() < 0.03) outage = { left: 1 + Math.floor(uniform() * 6), factor: 3 + uniform() * 20 }
    if (kind === 'hour of the day')
      return Math.exp(0.3 * Math.sin(phase + (2 * Math.PI * i * LOOK_SECONDS) / day))
    if (kind === 'wandering') return Math.exp(wander - 0.045)
    return kind === 'outages' ? outage.factor : 1
  })
}

export type TimeRun = { unhealthy: boolean; healthy: boolean; taught: boolean }

/** A release after a random part of the previous one's second day, compared with that one's first ten minutes. */
export const compareTimes = (
  kind: Times,
  base: number,
  teach: boolean,
  increase: number,
  seed: number,
): TimeRun => {
  const random = randomFrom(seed)
  const factor = factors(kind, random)
  const lived = Math.floor((0.5 + 0.45 * random.uniform()) * factor.length)
  const observe = (
    at: number,
    arm: 'canary' | 'stable',
    count: number,
    part: number,
    more: number,
  ): Observation => {
    const samples = Array.from({ length: count }, (_, i) => {
      const total = random.poisson((rps * LOOK_SECONDS * part) / count)
      const events = Math.min(total, random.poisson(total * (base * (factor[at] ?? 1) + more)))
      return { instance: `${arm}-${i}`, total, events }
    })
    const [from, to] = [at * LOOK_SECONDS, (at + 1) * LOOK_SECONDS]
    const arms = { canary: arm === 'canary' ? samples : [], stable: arm === 'stable' ? samples : [] }
    return { schema: 1, metric: 'errors', kind: 'ratio', from, to, weight: 50, ...arms }
  }
  const stable = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => observe(from + i, 'stable', 20, 1, 0))
  const history = stable(lived - 120, 120)
  const weak: MetricCriterion = { ...errorsWithin(), baseline: 'previous-release' }
  const pairs = teach ? timePairs(0, (lived - 1) * LOOK_SECONDS, looks * LOOK_SECONDS) : []
  const compared = pairs.map((pair) => {
    const window = ([from]: [number, number]) => {
      const first = Math.floor(from / LOOK_SECONDS)
      return { start: first * LOOK_SECONDS, seen: stable(first, looks) }
    }
    const [early, late] = [window(pair.early), window(pair.late)]
    const aligned = { early: [early.start, 0], late: [late.start, 0] } as typeof pair
    return pairObservations(aligned, early.seen, late.seen)
  })
  const [learnt] = learnTimes({ criteria: [weak], history }, compared)
  const criterion = learnt ? { ...weak, armSpread: learnt.spread } : weak
  let state = openJudge({ criteria: [criterion], history })
  let healthy = false
  for (let i = 0; i < looks; i++) {
    const now = observe(lived + i, 'canary', 5, share, increase)
    const then = stable(i, 1)[0]?.stable ?? []
    const at = { index: 0, last: true, elapsedSeconds: (i + 1) * LOOK_SECONDS, weight: 25 }
    const stableArm = then.map((sample) => ({ ...sample, instance: `${sample.instance}, earlier` }))
    const answer = look(state, [{ ...now, stable: stableArm }], at)
    state = answer.state
    healthy ||= answer.verdict.verdict === 'healthy'
    if (answer.verdict.verdict === 'unhealthy')
      return { unhealthy: true, healthy, taught: learnt !== undefined }
  }
  return { unhealthy: false, healthy, taught: learnt !== undefined }
}

export const timeSeed = (seed: number, kind: Times, run: number): number => seedOf(seed, 'times', kind, run)
