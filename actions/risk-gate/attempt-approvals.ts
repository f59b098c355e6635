import type { Approval } from '@relman/core/signoff/approval'
import { since } from '@relman/core/signoff/approval'
import type { GateCase } from './gate-case.ts'

/**
 * The approvals of this run that this attempt brought. In the first attempt these are all; in a later one those that
 * the scope gate of the same attempt did not see yet. Where that gate did not run again, they cannot be told apart:
 * null.
 */
export const attemptApprovals = async ({
  events,
  context,
  ports,
  digest,
}: GateCase): Promise<Approval[] | null> => {
  const { run } = context
  const approvals = await ports.github.approvals(run.id)
  if (run.attempt === 1) return approvals
  const scope = events.findLast(
    (event) =>
      event.kind === 'gated' &&
      event.data['stage'] === 'scope' &&
      event.digest === digest &&
      event.run?.id === run.id &&
      event.run.attempt === run.attempt,
  )
  const seen = scope?.data['seen']
  return Array.isArray(seen) ? since(approvals, seen.map(String)) : null
}
