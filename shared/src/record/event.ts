import { z } from 'zod'

/** Every kind of event a release can have; state is a fold over them. Unknown kinds of a later version are kept. */
export const eventKinds = [
  'planned',
  'planning-failed',
  'branched',
  'promoting',
  'promoted',
  'promotion-failed',
  'gated',
  'signed-off',
  'approved',
  'notified',
  'rejected',
  'started',
  'stepped',
  'verdict',
  'deployed',
  'deployment-failed',
  'rolled-back',
  'rollback-failed',
  'execution-failed',
  'published',
  'completed',
  'refused',
  'overridden',
  'reviewed',
  'dispatched',
  'looked',
] as const
export type EventKind = (typeof eventKinds)[number]

/** The workflow run that an event was made in. */
export const runRef = z.object({
  id: z.number().int(),
  attempt: z.number().int(),
  workflow: z.string(),
  job: z.string(),
})
export type RunRef = z.output<typeof runRef>

/** What a writer hands in; the record adds sequence, chain and time. `key` makes an append safe to repeat. */
export const eventDraft = z.object({
  kind: z.enum(eventKinds),
  key: z.string().min(1),
  actor: z.string(),
  run: runRef.nullable(),
  digest: z.string().nullable().describe('Digest of the plan revision it is about'),
  token: z.number().int().nullable().describe('Fencing token of the lease, for events of a rollout'),
  data: z.record(z.string(), z.json()),
})
export type EventDraft = z.output<typeof eventDraft>

/** One line of a release's history. `hash` covers everything else, `prev` is the hash of the event before. */
export const recordEvent = eventDraft.extend({
  schema: z.literal(1),
  service: z.string(),
  release: z.string(),
  seq: z.number().int().positive(),
  at: z.string(),
  prev: z.string().nullable(),
  hash: z.string(),
})
export type RecordEvent = z.output<typeof recordEvent>

export const releaseStates = [
  'planning',
  'planning-failed',
  'approved',
  'rejected',
  'executing',
  'deployed',
  'completed',
  'deployment-failed',
  'rolled-back',
  'rollback-failed',
  'execution-failed',
] as const
export type ReleaseState = (typeof releaseStates)[number]
