import { baselineGuarantee, baselineName } from '../baseline/baseline-kind.ts'
import type { Learnt } from '../baseline/learnt.ts'
import type { MetricsPolicy } from '../config/metrics-policy.ts'
import { probeWords } from './from-probes.ts'

/**
 * What an approver must know of the comparison, each in one sentence: the baselines that are weaker than the stable
 * version side by side, and how much the arms of this service are known to differ without a cause.
 */
export const comparisonWords = (
  metrics: MetricsPolicy | undefined,
  learnt: Learnt | undefined,
  previous: string | null,
): string[] => {
  const checks = metrics?.checks ?? []
  const baselines = checks.map(({ name, baseline }) => ({ name, baseline: baseline ?? metrics?.baseline }))
  const weaker = (['previous-release', 'objective', 'staging'] as const).flatMap((kind) => {
    const names = baselines.filter(({ baseline }) => baseline === kind).map(({ name }) => name)
    if (names.length === 0) return []
    const lines = [`${names.join(', ')}: compared with ${baselineName(kind)}. ${baselineGuarantee(kind)}`]
    if (kind === 'previous-release' && learnt?.previousLiveAt == null)
      lines.push(
        `${names.join(', ')}: the record does not say when ${previous ?? 'a previous release'} went live, so nothing can be compared with it`,
      )
    return lines
  })
  const taught = (learnt?.armSpread ?? []).map(
    ({ metric, spread, releases }) =>
      `${metric}: the arms of this service differ by ${percent(spread)} between harmless releases, learnt from ${releases} rollouts`,
  )
  return [...probeWords(metrics), ...weaker, ...taught]
}

const percent = (spread: number): string => `${Number((100 * Math.expm1(spread)).toPrecision(2))} %`
