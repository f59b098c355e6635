import { inline } from '../text/escape-markdown.ts'
import type { VerdictReason } from '../verdict/verdict-reasons.ts'
import type { CriterionAccount } from './verdict-file.ts'
import { criterionAccounts, type Told } from './write-verdict.ts'

/** What helps where it is not a matter of traffic or instances. */
const remedies: Partial<Record<VerdictReason, string>> = {
  'baseline-too-weak':
    'compare with the stable version side by side, or release often enough that its record teaches how much times differ',
  'learning-baseline': 'a longer history (rollout.history) or a longer step would help',
  'warming-up': 'a longer step or a shorter rollout.warmup would help',
  'one-instance': 'replace the instance that is named and walk again',
  'evidence-against': 'look at what speaks against it; waiting rarely helps',
  'too-little-seen': 'a longer history (rollout.history) or a longer step would help',
}

/** What would have helped to prove a criterion; null where what is wrong is said already. */
export const whatHelps = ({
  reason,
  provable,
  margin,
  source,
}: Pick<CriterionAccount, 'reason' | 'provable' | 'margin' | 'source'>): string | null => {
  const short =
    provable !== null && margin !== null && !(provable.margin !== null && provable.margin <= margin)
  if (reason === 'unprovable' || (reason === 'not-proven-yet' && short && provable.limit === 'instances'))
    return 'more instances of the new version or a wider margin would help; a longer step would not'
  if (reason !== 'not-proven-yet') return remedies[reason as VerdictReason] ?? null
  if (!short) return 'a longer step (max) would help'
  return source === 'probes'
    ? 'a longer step (max), a wider margin or more probes a second (metrics.probes.rate) would help'
    : 'a longer step (max), a larger weight, a wider margin or probes as extra traffic (metrics.probes) would help'
}

/** Each criterion that had to be proven and was not, in the words of `verdict.json`, and what would help; harm has a page of its own. */
export const unprovenPage = (told: Pick<Told, 'judge' | 'verdict' | 'points' | 'rungs'>): string[] => {
  // At 100 % nothing is compared, and nothing is to be proven.
  if (told.verdict?.verdict !== 'inconclusive' || told.verdict.weight >= 100) return []
  const lines = criterionAccounts(told).flatMap((one) => {
    if (!one.required || one.notProven === null) return []
    const help = whatHelps(one)
    return [`- ${inline(one.notProven, 600)}.${help === null ? '' : ` What helps: ${help}.`}`]
  })
  return lines.length > 0 ? ['## What was not proven', lines.join('\n')] : []
}
