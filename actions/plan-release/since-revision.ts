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
  const before = await lastPlan(
    store,
    events.filter((event) => event.digest !== digest),
  )
  return before && whatChanged(before.plan, before.digest, plan, events)
}

/** The newest plan that these events know; null without one, or where another version of relman made it. */
export const lastPlan = async (
  store: RecordStore,
  events: readonly RecordEvent[],
): Promise<{ plan: Plan; digest: string } | null> => {
  const digest = events.findLast(({ kind }) => kind === 'planned')?.digest
  const text = digest ? await store.plan(digest) : null
  const parsed = text === null ? null : planSchema.safeParse(JSON.parse(text))
  return digest && parsed?.success ? { plan: parsed.data, digest } : null
}
