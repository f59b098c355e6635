import { type ArmRatio, armRatios, learnArmSpread } from '@relman/core/verdict/arm-spread'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import { look, openJudge } from '@relman/core/verdict/judge'
import type { Observation } from '@relman/core/verdict/observation'
import type { JudgeSettings } from '@relman/core/verdict/settings'
import { type Family, LOOK_SECONDS, type Place, service } from './bench-verdict-noise.ts'
import { randomFrom } from './bench-verdict-random.ts'
import {
  countsOf,
  fifthFailedCheck,
  kayentaAtEnd,
  kayentaEachMinute,
  type LookCounts,
} from './bench-verdict-rivals.ts'

export const MARGIN = 0.001

/** `error-rate < baseline + 0.1 %`, with margins per step where a ladder has them. */
export const errorsWithin = (...margins: number[]): MetricCriterion => ({
  metric: 'errors',
  kind: 'ratio',
  direction: 'lower-is-better',
  margins: margins.length > 0 ? margins : [MARGIN],
  required: true,
})

/** Looks at which each judge rolled back, and at which relman's found the margin proven; null is never. */
export type Bake = {
  unhealthy: number | null
  healthy: number | null
  fifth: number | null
  minute: number | null
  end: number | null
}

export type BakeOptions = {
  increase?: number
  looks?: number
  history: number
  rivals?: boolean
  settings?: Partial<JudgeSettings>
}

/** One step of ten minutes under one place's noise, watched by every judge. */
export function bake(family: Family, place: Place, seed: number, options: BakeOptions): Bake {
  const { increase = 0, looks = 40, history, rivals = true, settings = {} } = options
  const next = service(family, place, randomFrom(seed))
  const before = Array.from({ length: history }, (_, i) => next((i - history) * LOOK_SECONDS, 0))
  const warmUpSeconds = family === 'cold starts' ? 90 : 0
  let state = openJudge({ criteria: [errorsWithin()], history: before, warmUpSeconds, ...settings })
  const counts: LookCounts[] = []
  let unhealthy: number | null = null
  let healthy: number | null = null
  for (let at = 0; at < looks && (rivals || unhealthy === null); at++) {
    const observation = next(at * LOOK_SECONDS, place.weight, increase)
    counts.push(countsOf(observation))
    if (unhealthy !== null) continue
    const step = { index: 0, last: true, elapsedSeconds: (at + 1) * LOOK_SECONDS, weight: place.weight }
    const answer = look(state, [observation], step)
    state = answer.state
    if (answer.verdict.verdict === 'healthy') healthy ??= at
    if (answer.verdict.verdict === 'unhealthy') unhealthy = at
  }
  const none = { fifth: null, minute: null, end: null }
  const others = rivals
    ? {
        fifth: fifthFailedCheck(counts, MARGIN),
        minute: kayentaEachMinute(counts),
        end: kayentaAtEnd(counts),
      }
    : none
  return { unhealthy, healthy, ...others }
}

export type Climb = { end: 'promoted' | 'rolled back' | 'inconclusive'; seconds: number; step: number }

const ladder = [
  { weight: 1, canaries: 1, margin: 0.01 },
  { weight: 5, canaries: 1, margin: 0.005 },
  { weight: 10, canaries: 2, margin: 0.002 },
  { weight: 25, canaries: 5, margin: 0.001 },
  { weight: 50, canaries: 10, margin: 0.001 },
] as const
const MIN_LOOKS = 8
const MAX_LOOKS = 40

/** A whole ladder 1-5-10-25-50 % with margins 1/.5/.2/.1/.1 pp, 2 to 10 minutes a step, 20 stable instances. */
export function climb(
  family: Family,
  { rps, base }: { rps: number; base: number },
  seed: number,
  options: { increase?: number; history: number },
): Climb {
  const { increase = 0, history } = options
  const place: Place = { rps, base, canaries: 1, stables: 20, weight: 1 }
  const next = service(family, place, randomFrom(seed))
  const before: Observation[] = Array.from({ length: history }, (_, i) =>
    next((i - history) * LOOK_SECONDS, 0),
  )
  const warmUpSeconds = family === 'cold starts' ? 90 : 0
  const criteria = [errorsWithin(...ladder.map(({ margin }) => margin))]
  let state = openJudge({ criteria, history: before, minSeconds: MIN_LOOKS * LOOK_SECONDS, warmUpSeconds })
  let at = 0
  for (const [index, { weight, canaries }] of ladder.entries()) {
    let passed = false
    for (let looks = 1; looks <= MAX_LOOKS && !passed; looks++) {
      const observation = next(at++ * LOOK_SECONDS, weight, increase, canaries)
      const elapsedSeconds = looks * LOOK_SECONDS
      const answer = look(state, [observation], { index, last: index === 4, elapsedSeconds, weight })
      state = answer.state
      if (answer.verdict.verdict === 'unhealthy')
        return { end: 'rolled back', seconds: at * LOOK_SECONDS, step: index }
      passed = answer.verdict.verdict === 'healthy'
    }
    if (!passed) return { end: 'inconclusive', seconds: at * LOOK_SECONDS, step: index }
  }
  return { end: 'promoted', seconds: at * LOOK_SECONDS, step: ladder.length - 1 }
}

const PAST_RELEASES = 20
const PAST_STEPS = 5

/** The spread of whole arms learnt from twenty past releases that were fine, of five steps of two minutes each. */
export function spreadOfPastReleases(family: Family, place: Place, seed: number): number {
  const entries: ArmRatio[] = []
  const random = randomFrom(seed)
  for (let release = 0; release < PAST_RELEASES; release++) {
    const next = service(family, place, random)
    const before = Array.from({ length: 20 }, (_, i) => next((i - 20) * LOOK_SECONDS, 0))
    for (let part = 0; part < PAST_STEPS; part++) {
      let state = openJudge({ criteria: [errorsWithin()], history: before })
      for (let i = 0; i < MIN_LOOKS; i++) {
        const at = part * MIN_LOOKS + i
        const step = { index: 0, last: true, elapsedSeconds: (i + 1) * LOOK_SECONDS, weight: place.weight }
        state = look(state, [next(at * LOOK_SECONDS, place.weight)], step).state
      }
      entries.push(...armRatios(state))
    }
  }
  return learnArmSpread(entries) ?? 0
}
