import { ConfigurationError } from '../config/configuration-error.ts'
import type { RolloutPolicy } from '../config/rollout-policy.ts'

/** One rung: the share of traffic, how long it bakes at least and at most (seconds), and whether it is the last. */
export type Rung = {
  step: number
  weight: number
  margin: number | null
  min: number
  max: number
  last: boolean
}

/**
 * The rungs of a rollout, from the first exposure to 100 %. 100 % follows when every step before it is proven; nothing
 * is compared there, so it asks for no proof of its own, only that nothing speaks against it while it is watched: until
 * what was added for 100 % has been looked at once past its warm-up.
 *
 * @throws ConfigurationError when the first step would be everybody, or a step would end before it may
 */
export const ladder = (
  policy: Pick<RolloutPolicy, 'steps'> & Partial<Pick<RolloutPolicy, 'warmup' | 'drain' | 'look'>>,
): Rung[] => {
  const { steps, warmup = 0, drain = 0, look = 0 } = policy
  const cold = warmup > 0 ? Math.max(0, warmup + look - drain) : 0
  const first = steps[0]
  if (!first || first.weight >= 100) {
    throw new ConfigurationError(
      'rollout.steps: the first step may not be 100 %; begin with a smaller weight, for example 1',
    )
  }
  for (const [index, { min, max }] of steps.entries()) {
    if (max < min)
      throw new ConfigurationError(`rollout.steps[${index}].max: ${max} s is shorter than min, ${min} s`)
  }
  const rungs = steps.map(({ weight, margin, min, max }, step) => ({
    step,
    weight,
    margin,
    min: weight === 100 ? Math.max(min, cold) : min,
    max,
    last: weight === 100,
  }))
  if (rungs.at(-1)?.last) return rungs
  return [...rungs, { step: rungs.length, weight: 100, margin: null, min: cold, max: 0, last: true }]
}

/** The rung a rollout stands on; undefined when it stands on none. */
export const rungAt = (rungs: readonly Rung[], step: number): Rung | undefined =>
  rungs.find((rung) => rung.step === step)
