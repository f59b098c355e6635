import type { MetricCriterion } from '@relman/core/verdict/criterion'
import { type JudgeState, look, openJudge } from '@relman/core/verdict/judge'
import type { Observation, Sample } from '@relman/core/verdict/observation'
import type { JudgeSettings } from '@relman/core/verdict/settings'
import type { Verdict } from '@relman/core/verdict/verdict'

/** Counts of one arm on instances `prefix-0`...: [requests, events] each. */
export const samples = (prefix: string, counts: readonly (readonly [number, number])[]): Sample[] =>
  counts.map(([total, events], i) => ({ instance: `${prefix}-${i}`, total, events }))

/** One look of ten seconds. */
export const observed = (
  at: number,
  canary: Sample[],
  stable: Sample[],
  more: Partial<Observation> = {},
): Observation => ({
  schema: 1,
  metric: 'errors',
  kind: 'ratio',
  from: at,
  to: at + 10,
  weight: 10,
  canary,
  stable,
  ...more,
})

export const errors: MetricCriterion = {
  metric: 'errors',
  kind: 'ratio',
  direction: 'lower-is-better',
  margins: [0.01],
  required: true,
  written: 'error-rate < baseline + 1 %',
}

export const step = { index: 0, last: false, elapsedSeconds: 60, weight: 10 }

/** Errors per instance at one look: a few, not always on the same instances. */
const few = (look: number) =>
  [0, 1, 2, 3].map((i) => [1000, (i * 7 + look * 3) % 4 === 0 ? 2 : (i + look) % 2] as const)

/** Twenty looks of a stable version with 0.1 % errors. */
export const quietHistory = Array.from({ length: 20 }, (_, i) =>
  observed(-200 + i * 10, [], samples('stable', few(i))),
)

/** Looks one after the other; the last verdict and state. */
export const looksAt = (
  settings: JudgeSettings,
  looks: readonly (readonly Observation[])[],
  where = step,
): { state: JudgeState; verdict: Verdict; verdicts: Verdict[] } => {
  const verdicts: Verdict[] = []
  let state = openJudge(settings)
  for (const observations of looks) {
    const answer = look(state, observations, where)
    state = answer.state
    verdicts.push(answer.verdict)
  }
  const verdict = verdicts.at(-1)
  if (!verdict) throw new Error('no looks')
  return { state, verdict, verdicts }
}

/** A canary like the stable version, look after look. */
export const goodLooks = (count: number, events = 1): Observation[][] =>
  Array.from({ length: count }, (_, i) => [
    observed(i * 10, samples('canary', [[450, events]]), samples('stable', few(i))),
  ])

/** Instances with whole events that add up to the share. */
export const arm = (name: string, instances: number, total: number, share: number, at: number): Sample[] =>
  samples(
    name,
    Array.from({ length: instances }, (_, one) => {
      const turn = at * (instances + 1) + one
      return [total, Math.floor((turn + 1) * total * share) - Math.floor(turn * total * share)] as const
    }),
  )
