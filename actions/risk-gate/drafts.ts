import type { Criterion } from '@relman/core/gate/criterion'
import type { GateDecision } from '@relman/core/gate/decision'
import { promotionKey } from '@relman/core/promotion/unfinished'
import type { EventDraft } from '@relman/core/record/event'
import type { GateCase } from './gate-case.ts'
import type { Stage } from './inputs.ts'

type Data = EventDraft['data']

/** One event of this run and attempt; asked again in the same attempt it is the same event. */
const draft = (
  { context, digest }: GateCase,
  kind: EventDraft['kind'],
  about: string,
  data: Data,
): EventDraft => ({
  kind,
  key: [kind, about, digest.slice(0, 16), `${context.run.id}.${context.run.attempt}`].join(':'),
  actor: context.actor,
  run: context.run,
  digest,
  token: null,
  data,
})

/** `seen` are the approvals that were there already: what this attempt may not count. */
export const gated = (
  known: GateCase,
  stage: Stage,
  { decision, reasonCode }: GateDecision,
  criteria: readonly Criterion[],
  seen: readonly string[],
): EventDraft =>
  draft(known, 'gated', stage, { stage, decision, reasonCode, criteria: [...criteria], seen: [...seen] })

export const approved = (known: GateCase, people: readonly { role: string; by: string }[]): EventDraft =>
  draft(known, 'approved', 'production', { people: people.map(({ role, by }) => ({ role, by })) })

/** Once for each revision, whichever attempt it was. */
export const notified = (
  known: GateCase,
  url: string,
  told: readonly { who: string; channel: string }[],
): EventDraft => ({
  ...draft(known, 'notified', 'kick-off', {
    moment: 'planned',
    url,
    told: told.slice(0, 100).map(({ who, channel }) => ({ who, channel })),
  }),
  key: `notified:kick-off:${known.digest.slice(0, 16)}`,
})

export const rejected = (known: GateCase, stage: Stage, { reasonCode, message }: GateDecision): EventDraft =>
  draft(known, 'rejected', stage, { stage, reason: reasonCode, message })

export const signedOff = (
  known: GateCase,
  data: { role: string; environment: string; by: string; comment: string },
) => draft(known, 'signed-off', data.role, { ...data, comment: data.comment.slice(0, 2_000) })

export const refused = (
  known: GateCase,
  stage: Stage,
  data: { reason: string; message: string; role?: string; by?: string },
) => draft(known, 'refused', [stage, data.role ?? ''].join('/'), { stage, ...data })

export const started = (known: GateCase, token: number, deployment: number): EventDraft => ({
  ...draft(known, 'started', String(token), {
    deployment,
    environment: known.plan.environment,
    from: known.plan.previous?.version ?? null,
  }),
  token,
})

/** A promotion begins; how it ends is the recorder's to say. */
export const promoting = (known: GateCase, environment: string): EventDraft => ({
  ...draft(known, 'promoting', environment, {
    environment,
    sha: known.plan.sha,
    ...(known.plan.artifact?.digest ? { 'artifact-digest': known.plan.artifact.digest } : {}),
  }),
  key: promotionKey('promoting', environment, known.context.run),
})
