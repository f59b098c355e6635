import { cut } from '@relman/core/notes/escape-markdown'
import type { Plan } from '@relman/core/plan/plan'
import type { RecordStore } from '@relman/core/ports/record-store'
import type { RunContext } from '@relman/core/runtime/run-context'

/** One more than the plans that the record holds for this version; 1 without a record. */
export const nextRevision = async (
  store: RecordStore | null,
  service: string,
  version: string,
): Promise<number> => {
  if (!store) return 1
  const planned = (await store.events(service, version)).filter((event) => event.kind === 'planned')
  return new Set(planned.map((event) => event.digest)).size + 1
}

type Planned = { plan: Plan; text: string; digest: string; context: RunContext }

/** Appends `planned` and stores the plan under its digest, in one commit. */
export const rememberPlan = async (
  store: RecordStore,
  { plan, text, digest, context }: Planned,
): Promise<void> => {
  const data = {
    revision: plan.revision,
    sha: plan.sha,
    tag: plan.tag,
    risk: plan.risk.level,
    changes: plan.changes.length + plan.unlisted.changes,
    previous: plan.previous?.version ?? null,
  }
  const draft = {
    kind: 'planned' as const,
    key: `planned:${digest}`,
    actor: context.actor,
    run: context.run,
    digest,
    token: null,
    data,
  }
  await store.append(plan.service, plan.version, [draft], { plan: { digest, text } })
}

type Failed = { service: string; version: string; context: RunContext; error: unknown }

/** Leaves the failure in the record (row L3). The error itself matters more than this, so a second one is not thrown. */
export const rememberFailure = async (
  store: RecordStore,
  { service, version, context, error }: Failed,
): Promise<void> => {
  const message = cut(error instanceof Error ? error.message : String(error), 1_000)
  const key = `planning-failed:${context.run.id}:${context.run.attempt}`
  const draft = {
    kind: 'planning-failed' as const,
    key,
    actor: context.actor,
    run: context.run,
    digest: null,
    token: null,
    data: { error: message },
  }
  await store.append(service, version, [draft]).catch(() => undefined)
}
