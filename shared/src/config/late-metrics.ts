import type { MetricsPolicy } from './metrics-policy.ts'
import { providerNames } from './metrics-providers.ts'
import { providerOf } from './metrics-routes.ts'
import type { RolloutPolicy } from './rollout-policy.ts'

/**
 * Steps whose patience ends before a provider that tells late can have told enough: none of them would ever be proven.
 * The numbers of a step must cover its least bake, in whole slices that are complete.
 */
export const lateFaults = (
  { steps }: Pick<RolloutPolicy, 'steps'>,
  metrics: MetricsPolicy | undefined,
): { path: PropertyKey[]; message: string }[] => {
  if (!metrics) return []
  const configured = providerNames.filter((name) => metrics[name])
  const used = metrics.checks.filter(({ required }) => required).map((check) => providerOf(check, configured))
  const late = (['datadog', 'cloudwatch', 'http'] as const).flatMap((name) => {
    const provider = used.includes(name) ? metrics[name] : undefined
    return provider ? [{ name, interval: provider.interval, delay: provider.delay }] : []
  })
  return steps.flatMap(({ min, max }, index) =>
    late.flatMap(({ name, interval, delay }) => {
      const least = min + interval + delay
      const message = `max of ${max} s leaves no time to prove it: metrics.${name} tells of ${interval} s at a time, ${delay} s late; write max: ${least}s or more`
      return max < least ? [{ path: ['rollout', 'steps', index], message }] : []
    }),
  )
}
