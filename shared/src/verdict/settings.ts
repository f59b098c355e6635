import { ConfigurationError } from '../config/configuration-error.ts'
import type { MetricCriterion } from './criterion.ts'
import { type Assumptions, defaultAssumptions } from './dispersion.ts'
import type { Observation } from './observation.ts'

/** What a judge is opened with. */
export type JudgeSettings = {
  criteria: readonly MetricCriterion[]
  /** Chance of rolling back a release that is no worse than half the margin. Default 0.01. */
  alpha?: number
  /** E-values that promote: at intermediate steps and at the last. Default 10 and 20. */
  promote?: { intermediate: number; last: number }
  /** Requests of an instance younger than this are not judged. Default 0. */
  warmUpSeconds?: number
  /** Least time of a step, one per step (the last one repeats) or one for all. Default 0. */
  minSeconds?: number | readonly number[]
  /** What the stable version showed before the rollout; 20 intervals or more teach its noise. */
  history?: readonly Observation[]
  /** What is believed of the noise while the stable instances have shown little of it. */
  assume?: Partial<Assumptions>
  /**
   * Standard deviation of the log rate ratio of the arms in past rollouts that were fine. Without it, a release is blamed
   * as if arms differed like instances are believed to before they have shown anything, and promoted as if they did not.
   */
  armSpread?: number
}

/** The settings as kept in the judge's state. */
export type Rules = {
  alpha: number
  promote: { intermediate: number; last: number }
  warmUpSeconds: number
  minSeconds: number[]
  assume: Assumptions
  /** Of whole arms, in the evidence for a release and against it. */
  armSpread: number
  blameSpread: number
}

/** The rules with defaults. Throws a ConfigurationError when a setting or criterion cannot be judged. */
export function rulesOf(settings: JudgeSettings): Rules {
  const {
    alpha = 0.01,
    promote = { intermediate: 10, last: 20 },
    warmUpSeconds = 0,
    minSeconds = 0,
  } = settings
  if (!(alpha > 0 && alpha < 1)) throw new ConfigurationError(`alpha must lie between 0 and 1, not ${alpha}`)
  if (!(promote.intermediate > 1 && promote.last > 1))
    throw new ConfigurationError('the evidence that promotes must be above 1 to 1, for example 10 and 20')
  const names = new Set<string>()
  for (const criterion of settings.criteria) {
    checkCriterion(criterion)
    if (names.has(criterion.metric))
      throw new ConfigurationError(`metric ${criterion.metric} has two criteria; give each metric one`)
    names.add(criterion.metric)
  }
  const assume = { ...defaultAssumptions, ...settings.assume }
  return {
    alpha,
    promote,
    warmUpSeconds,
    minSeconds: typeof minSeconds === 'number' ? [minSeconds] : [...minSeconds],
    assume,
    armSpread: settings.armSpread ?? 0,
    blameSpread: settings.armSpread ?? assume.spread,
  }
}

function checkCriterion({ metric, kind, direction, margins, unit, ceiling }: MetricCriterion): void {
  const fail = (what: string) => {
    throw new ConfigurationError(`criterion of ${metric}: ${what}`)
  }
  if (kind === 'health') return
  if (margins.length === 0 && ceiling === undefined) fail('give it a margin or a ceiling')
  if (margins.length === 0 && kind === 'latency') fail('a latency needs margins')
  if (margins.some((margin) => !(margin > 0)))
    fail('margins must be above 0: no change at all can never be proven')
  if (kind === 'latency' && direction === 'higher-is-better') fail('latency is lower-is-better')
  if (unit === 'slower' && kind !== 'latency') fail('the unit "slower" is for latencies')
  if (kind === 'rate' && direction === 'higher-is-better') {
    if (unit === 'share') fail('a rate that should not fall has relative margins')
    if (margins.some((margin) => margin >= 1))
      fail('a fall of 100 % or more cannot be excluded; use a margin below 1')
  }
}
