import type { RolloutPolicy } from '../config/rollout-policy.ts'
import type { Rung } from '../rollout/ladder.ts'
import type { MetricCriterion } from '../verdict/criterion.ts'
import { leastProvable } from '../verdict/least-provable.ts'

/** More instances than these are not advised. */
const most = 500

export type KnownInstances = { count: number; source: string }

/** Instances of the new version at a step, where each serves as much as a stable one. */
export const canaryInstances = (stable: number, weight: number): number =>
  Math.max(1, Math.round((stable * weight) / (100 - weight)))

/**
 * Of each criterion of a relative margin that must be proven: one sentence where so few instances can never prove it,
 * whatever the traffic, at which steps, and what would help. A step that cannot be proven ends as `rollout.inconclusive`
 * says, which is better known before anybody is exposed.
 */
export const neverProvable = (
  criteria: readonly MetricCriterion[],
  rungs: readonly Rung[],
  { count, source }: KnownInstances,
  { assume }: Pick<RolloutPolicy, 'assume'>,
  wanted: { between: number; last: number },
): string[] =>
  criteria.flatMap(({ metric, kind, unit, direction, margins, required, source: from, written = metric }) => {
    const counted = kind === 'rate' || kind === 'ratio'
    if (!counted || unit !== 'relative' || !required || from === 'probes' || margins.length === 0) return []
    const worse = direction === 'higher-is-better' ? -1 : 1
    const short = (stable: number) =>
      rungs.flatMap(({ weight }, index) => {
        const margin = margins[Math.min(index, margins.length - 1)] ?? 0
        const evidence = index === rungs.length - 1 ? wanted.last : wanted.between
        const instances = { canary: canaryInstances(stable, weight), stable }
        const least = leastProvable(worse, instances, assume.spread, evidence)
        return least !== null && least <= margin ? [] : [{ weight, margin, least, ...instances }]
      })
    const steps = short(count)
    const last = steps.at(-1)
    if (!last) return []
    const enough = fewest(count, (stable) => short(stable).length === 0)
    const change = worse < 0 ? 'fall' : 'increase'
    const at = steps.map(({ weight }) => `${weight} %`).join(', ')
    const can = last.least === null ? `no ${change} at all` : `a ${change} of ${percent(last.least)}`
    const help = [
      ...(enough === null
        ? []
        : [`${enough} stable instances, and of the new version in proportion to its share`]),
      ...(last.least === null ? [] : [`a margin of ${percent(last.least)} or more`]),
      'required: false, so that it only speaks against',
    ]
    return [
      `⚠ ${written}: never proven at ${at}, whatever the traffic and however long a step is: ${last.canary} of the new version beside ${last.stable} stable ${last.stable === 1 ? 'instance' : 'instances'} (${source}) can prove ${can} at best, and ${percent(last.margin)} is asked for. What helps: ${help.join('; or ')}`,
    ]
  })

/** Rounded up to two digits: what is named can be proven. */
const percent = (share: number): string => {
  const value = 100 * share
  const step = 10 ** (Math.floor(Math.log10(value)) - 1)
  return `${Number((Math.ceil(value / step - 1e-6) * step).toPrecision(6))} %`
}

/** The fewest instances, beyond `from`, that are enough; null where `most` are not. Sought by halves: more never prove less. */
const fewest = (from: number, enough: (instances: number) => boolean): number | null => {
  if (from >= most || !enough(most)) return null
  let [low, high] = [from, most]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (enough(middle)) high = middle
    else low = middle
  }
  return high
}
