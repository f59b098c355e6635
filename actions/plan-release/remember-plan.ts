import type { Plan } from '@relman/core/plan/plan'
import type { RecordStore } from '@relman/core/ports/record-store'
import type { RecordEvent } from '@relman/core/record/event'
import type { RevisionChange } from '@relman/core/revision/what-changed'
import type { RunContext } from '@relman/core/runtime/run-context'
import { cut } from '@relman/core/text/escape-markdown'

/** Another run planned the same version in between, so that this revision is taken. */
export class RevisionTaken extends Error {
  constructor({ service, version }: Plan) {
    super(
      `other runs planned ${service} ${version} at the same moment, again and again; start this run again`,
    )
    this.name = 'RevisionTaken'
  }
}

/** One more than the plans among the events of this version; 1 without any. */
export const revisionAfter = (events: readonly RecordEvent[]): number =>
  new Set(events.filter(({ kind }) => kind === 'planned').map(({ digest }) => digest)).size + 1

type Planned = {
  plan: Plan
  text: string
  digest: string
  context: RunContext
  since: RevisionChange | null
}

/**
 * Appends `planned` and stores the plan under its digest, in one commit.
 *
 * @throws RevisionTaken when the record holds another plan of this revision by now; nothing is written then
 */
export const rememberPlan = async (
  store: RecordStore,
  { plan, text, digest, context, since }: Planned,
): Promise<void> => {
  const data = {
    revision: plan.revision,
    type: plan.type,
    sha: plan.sha,
    tag: plan.tag,
    risk: plan.risk.level,
    changes: plan.changes.length + plan.unlisted.changes,
    previous: plan.previous?.version ?? null,
    state: plan.state,
    ...(plan.freeze ? { freeze: freezeOf(plan.freeze) } : {}),
    ...(plan.embargo ? { embargo: true } : {}),
    window: plan.schedule?.window ?? null,
    ...(plan.moved ? { moved: plan.moved } : {}),
    ...(since ? { since } : {}),
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
  const guard = (before: readonly RecordEvent[]): void => {
    const told = before.some(({ key }) => key === draft.key)
    if (!told && revisionAfter(before) !== plan.revision) throw new RevisionTaken(plan)
  }
  await store.append(plan.service, plan.version, [draft], { plan: { digest, text }, guard })
}

/** What later revisions are held against; what entered since stands in the plan. */
const freezeOf = ({ feature, code, source, base }: NonNullable<Plan['freeze']>) => ({
  feature,
  code,
  source,
  base,
})

type Failed = { service: string; version: string; context: RunContext; error: unknown }

/**
 * Leaves the failure in the record (row L3), unless a plan of the version is in force there: that of another run, which
 * this one must not end. The error itself matters more than this, so a second one is not thrown.
 */
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
  const guard = (before: readonly RecordEvent[]): void => {
    if (before.some(({ kind }) => kind === 'planned')) throw new Error('a plan is in force')
  }
  await store.append(service, version, [draft], { guard }).catch(() => undefined)
}
