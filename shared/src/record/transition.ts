import type { EventKind, ReleaseState } from './event.ts'
import { RecordError } from './record-error.ts'

/** null: before the first event. */
export type State = ReleaseState | null

type Move = { from: readonly State[]; to: ReleaseState }

const begun: readonly State[] = [
  'executing',
  'deployed',
  'completed',
  'deployment-failed',
  'rolled-back',
  'rollback-failed',
  'execution-failed',
]

/** Events that move a release. A live release can still be rolled back, by hand or by the watchdog. */
const moves: Partial<Record<EventKind, Move>> = {
  planned: {
    from: [null, 'planning', 'planning-failed', 'approved', 'rejected', 'execution-failed'],
    to: 'planning',
  },
  'planning-failed': { from: [null, 'planning', 'planning-failed'], to: 'planning-failed' },
  approved: { from: ['planning', 'approved'], to: 'approved' },
  rejected: { from: ['planning', 'approved', 'rejected'], to: 'rejected' },
  started: { from: ['approved'], to: 'executing' },
  deployed: { from: ['executing'], to: 'deployed' },
  'deployment-failed': { from: ['executing'], to: 'deployment-failed' },
  'rolled-back': {
    from: ['deployment-failed', 'rollback-failed', 'deployed', 'completed'],
    to: 'rolled-back',
  },
  'rollback-failed': {
    from: ['deployment-failed', 'rollback-failed', 'deployed', 'completed'],
    to: 'rollback-failed',
  },
  'execution-failed': { from: ['approved', 'executing'], to: 'execution-failed' },
  completed: { from: ['deployed'], to: 'completed' },
}

/** Events that only say something, and when they may. Kinds that stand nowhere may be said at any time. */
const remarks: Partial<Record<EventKind, readonly State[]>> = {
  gated: ['planning', 'approved', 'rejected'],
  'signed-off': ['planning', 'approved', 'rejected'],
  stepped: begun,
  verdict: begun,
  published: ['deployed', 'completed'],
}

/**
 * The state after an event, or undefined when the event may not follow. `decision` is what a `gated` event decided:
 * a gate that passes reopens a rejected release, whose people must then sign off again. A plan of a version whose
 * rollout began is only a remark: it does not become the revision in force.
 */
export const next = (state: State, kind: EventKind, decision?: unknown): State | undefined => {
  const move = moves[kind]
  if (move) return move.from.includes(state) ? move.to : kind === 'planned' ? state : undefined
  const when = remarks[kind]
  if (when && !when.includes(state)) return undefined
  return kind === 'gated' && state === 'rejected' && decision === 'go' ? 'planning' : state
}

/** The same, for a writer: an event that may not follow is refused with the names of both states. */
export const step = (release: string, state: State, kind: EventKind, decision?: unknown): State => {
  const after = next(state, kind, decision)
  if (after !== undefined) return after
  const target = moves[kind]?.to
  const wanted = target ? `cannot become ${target}` : `cannot be ${kind}`
  throw new RecordError('illegal-transition', `release ${release} is ${state ?? 'not planned'} and ${wanted}`)
}
