import { type Plan, plan as planSchema } from '@relman/core/plan/plan'
import type { RecordStore } from '@relman/core/ports/record-store'
import type { RecordEvent } from '@relman/core/record/event'
import { type RevisionChange, whatChanged } from '@relman/core/revision/what-changed'

/**
 * What this revision of a plan changes and voids; null for the first, without a record, and where the plan before cannot be
 * read (it was made by another version of relman): then nothing can be compared, and its sign-offs are void all the same.
 *
 * @param events what the record holds of this version
 */
export const sinceRevision = async (
  store: RecordStore | null,
  events: readonly RecordEvent[],
  plan: Plan,
  digest: string,
): Promise<RevisionChange | null> => {
  if (!store || plan.revision === 1) return null
  const before = events.findLast((event) => event.kind === 'planned' && event.digest !== digest)?.digest
  const text = before ? await store.plan(before) : null
  const parsed = text === null ? null : planSchema.safeParse(JSON.parse(text))
  return before && parsed?.success ? whatChanged(parsed.data, before, plan, events) : null
}
