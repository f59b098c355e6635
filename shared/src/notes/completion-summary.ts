import type { ObjectiveResult } from '../purpose/objective-result.ts'
import { showObjectives } from '../purpose/show-objectives.ts'
import { itemName } from '../scope/item-name.ts'
import { code, inline } from '../text/escape-markdown.ts'
import { showSeconds } from '../text/show-seconds.ts'
import { shippedChanges } from './note-sections.ts'
import type { Noted } from './noted.ts'

/**
 * Row N4: what shipped, what is behind flags, what was left out and why, until when the way back is kept ready, and how
 * the objectives came out (row P21).
 * `liveAt` is ISO 8601: since when the version is live.
 */
export const completionSummary = (
  plan: Noted,
  digest: string,
  liveAt: string,
  objectives: readonly ObjectiveResult[] = [],
): string => {
  const shipped = shippedChanges(plan.changes)
  const count = shipped.length + plan.unlisted.changes
  const flagged = shipped.filter((change) => change.details.flag !== undefined)
  const undone = plan.changes.filter((change) => change.reverted)
  const { window } = plan.policy.rollback
  const until = new Date(Date.parse(liveAt) + window * 1000).toISOString().slice(0, 16).replace('T', ' ')
  const behind = flagged.map(
    (change) => `- ${inline(itemName(change), 160)}: flag ${code(change.details.flag ?? '')}`,
  )
  const deferred = (plan.features?.features ?? []).filter(({ verdict }) => verdict === 'deferred')
  const out = [
    ...undone.map((change) => `- ${inline(itemName(change), 160)}: undone within this release`),
    ...deferred.map(({ number, title, why }) => `- #${number} ${inline(title, 120)}: ${inline(why, 200)}`),
  ]
  return [
    '## Completion Summary',
    '',
    `- **Shipped**: ${inline(plan.service)} ${inline(plan.version)} to ${inline(plan.environment)} at ${liveAt.slice(0, 16).replace('T', ' ')} UTC, ${count} ${count === 1 ? 'change' : 'changes'}, commit ${code(plan.sha.slice(0, 12))}, plan ${code(digest.slice(0, 12))}`,
    `- **Behind flags**: ${behind.length === 0 ? 'nothing that names a flag' : ''}`,
    ...behind.slice(0, 50).map((line) => `  ${line}`),
    `- **Excluded**: ${out.length === 0 ? 'nothing' : ''}`,
    ...out.slice(0, 50).map((line) => `  ${line}`),
    `- **Rollback window**: ${plan.rollback.previous === null ? 'none, there is no earlier version' : `${showSeconds(window)}, until ${until} UTC, back to ${inline(plan.rollback.previous)} ${plan.rollback.seconds === 0 ? 'by hand' : `in at most ${showSeconds(plan.rollback.seconds)}`}`}`,
    ...(objectives.length > 0 ? [showObjectives(objectives)] : []),
  ]
    .map((line) => line.trimEnd())
    .join('\n')
}
