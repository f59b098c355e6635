import type { Plan } from '../plan/plan.ts'
import type { RecordEvent, ReleaseState } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { type ChangeRequest, changeRequest, requestChange } from './change-request.ts'

type Closure = NonNullable<ChangeRequest['closure']>

const results: Partial<Record<ReleaseState, Closure['result']>> = {
  completed: 'successful',
  'rolled-back': 'backed-out',
  'rollback-failed': 'failed',
  'execution-failed': 'not-implemented',
  rejected: 'not-implemented',
}

/**
 * The change request of a release that ended, with how it ended (row P19); null while it is open: a release that is live is
 * closed by its completion. Everything comes from the record, whose newest event `record` names.
 */
export const closeRequest = (
  plan: Plan,
  digest: string,
  events: readonly RecordEvent[],
  { by, at }: { by: string; at: string },
): ChangeRequest | null => {
  const release = fold(events)
  const { state, ending } = release
  const result = state === null ? undefined : results[state]
  const last = events.at(-1)
  if (!result || !state || !last || release.digest !== digest) return null
  const start = events.findLast(({ kind }) => kind === 'started')?.at ?? null
  const end = start === null ? null : (events.findLast(({ kind }) => exposures.has(kind))?.at ?? null)
  const closure: Closure = {
    state: 'closed',
    result,
    release: state,
    start,
    end,
    inWindow: start === null || end === null ? null : within(plan, start, end),
    reason: ending?.error ?? null,
    approvals: release.signoffs
      .filter((signoff) => signoff.digest === digest)
      .map(({ role, by: person, at: when }) => ({ role, by: person, at: when })),
    rollback: ending?.rollback ?? null,
    record: { events: last.seq, hash: last.hash },
    closedBy: by,
    closedAt: at,
  }
  return changeRequest.parse({ ...requestChange(plan, digest), closure })
}

const exposures: ReadonlySet<string> = new Set([
  'deployed',
  'rolled-back',
  'rollback-failed',
  'execution-failed',
])

const within = ({ schedule }: Plan, start: string, end: string): boolean | null => {
  const window = schedule?.window
  if (!window) return null
  return Date.parse(start) >= Date.parse(window.start) && Date.parse(end) <= Date.parse(window.end)
}
