import type { RolloutPolicy } from '../config/rollout-policy.ts'
import { ladder } from './ladder.ts'

/** Seconds until a rollout is done if all goes well: at the least bakes, and at the patience of every step. Never below 0. */
export type TimeLeft = { least: number; most: number }

/**
 * How long the rest of a rollout lasts that stands on a step whose move was confirmed `since` seconds ago: drain and bake of this step and
 * of all after it, and the last watch, which has the patience of the step before it. Waiting for people is not in it, nor a way back.
 */
export const timeLeft = (
  policy: Pick<RolloutPolicy, 'steps' | 'drain'>,
  step: number,
  since: number,
): TimeLeft => {
  const rest = ladder(policy).filter((rung) => rung.step >= step)
  const patience = policy.steps.at(-1)?.max ?? 0
  return rest.reduce<TimeLeft>(
    ({ least, most }, rung) => {
      const gone = rung.step === step ? since : 0
      const longest = rung.margin === null ? patience : Math.max(rung.min, rung.max)
      return {
        least: least + Math.max(0, policy.drain + rung.min - gone),
        most: most + Math.max(0, policy.drain + longest - gone),
      }
    },
    { least: 0, most: 0 },
  )
}
