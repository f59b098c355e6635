import type { MetricsPolicy } from './metrics-policy.ts'
import type { RolloutPolicy } from './rollout-policy.ts'

type Fault = { path: PropertyKey[]; message: string }

/** Steps that no rollout can take: said where they stand, because the judge would find it out last. */
export const stepFaults = (
  rollout: Pick<RolloutPolicy, 'steps'>,
  metrics: MetricsPolicy | undefined,
  section: readonly PropertyKey[] = [],
): Fault[] => {
  const compared = metrics?.checks.some(({ margins }) => margins === undefined) ?? false
  return rollout.steps.flatMap(({ margin, min, max }, index) => {
    const at = (key: string) => [...section, 'rollout', 'steps', index, key]
    return [
      ...(max < min
        ? [
            {
              path: at('max'),
              message: `is shorter than min, the least bake of ${min} s; write ${min}s or more`,
            },
          ]
        : []),
      ...(margin === 0 && compared
        ? [
            {
              path: at('margin'),
              message: 'write more than 0 %: that nothing at all changed can never be proven',
            },
          ]
        : []),
    ]
  })
}

/**
 * Steps whose margin is wider than that of the step before: more users would be exposed to what the smaller step was not allowed. Such a
 * ladder is followed as it is written, and said aloud.
 */
export const widerSteps = ({ steps }: Pick<RolloutPolicy, 'steps'>): string[] =>
  steps.flatMap(({ weight, margin }, index) => {
    const before = steps[index - 1]
    return before && margin > before.margin
      ? [
          `the step of ${weight} % allows ${margin} percentage points, more than the ${before.margin} of the step of ${before.weight} %: margins should shrink as exposure grows (rollout.steps)`,
        ]
      : []
  })

/**
 * Steps that are over before new instances are past their warm-up: nothing of such a step can be judged, so it returns,
 * whatever `inconclusive` says. Instances that were up before it can be, so it is said and not refused.
 */
export const coldSteps = ({
  steps,
  drain,
  warmup,
}: Pick<RolloutPolicy, 'steps' | 'drain' | 'warmup'>): string[] =>
  steps.flatMap(({ weight, max }) =>
    drain + max < warmup
      ? [
          `the step of ${weight} % is over ${drain + max} s after its move, before new instances are past their warm-up of ${warmup} s, so it can only return unproven: make "max" longer (rollout.steps) or "warmup" shorter (rollout.warmup)`,
        ]
      : [],
  )
