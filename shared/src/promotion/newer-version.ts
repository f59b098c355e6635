import type { Plan } from '../plan/plan.ts'
import type { RecordEvent, ReleaseState, RunRef } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { isNewer } from '../version/is-newer.ts'
import { unfinished } from './unfinished.ts'

/** A newer version that an older one would be deployed over: on its way to the environment, there, or of an unreadable record. */
export type NewerVersion =
  | { kind: 'open'; version: string; run: RunRef | null; at: string }
  | { kind: 'there'; version: string; at: string }
  | { kind: 'unread'; version: string }

/** A version that ended so is nobody's next one. */
const given: readonly (ReleaseState | null)[] = [
  'planning-failed',
  'rejected',
  'rolled-back',
  'execution-failed',
]

/**
 * Row P24: nothing is deployed over a newer version of its service. What was given up or is `blocked` does not count, and a
 * hotfix and a security release may go where a newer version is, though not beside one that is on its way. `events` are null
 * where they cannot be trusted.
 */
export const newerVersions = (
  { version, type }: Pick<Plan, 'version' | 'type'>,
  environment: string,
  others: readonly { version: string; events: readonly RecordEvent[] | null }[],
  blocked: readonly string[],
): NewerVersion[] => {
  const urgent = type === 'hotfix' || type === 'security'
  return others.flatMap(({ version: other, events }): NewerVersion[] => {
    if (!isNewer(other, version)) return []
    if (events === null) return [{ kind: 'unread', version: other }]
    const open = unfinished(events, environment)
    if (open) return [{ kind: 'open', version: other, run: open.run, at: open.at }]
    const there = events.findLast(
      ({ kind, data }) => kind === 'promoted' && data['environment'] === environment,
    )
    if (!there || urgent || blocked.includes(other) || given.includes(fold(events).state)) return []
    return [{ kind: 'there', version: other, at: there.at }]
  })
}

/** Why it stands in the way, and what to do. */
export const newerRefusal = (
  newer: NewerVersion,
  version: string,
  environment: string,
): { reasonCode: string; message: string } => {
  if (newer.kind === 'unread')
    return {
      reasonCode: 'record-unreadable',
      message: `whether ${newer.version}, which is newer than ${version}, is in ${environment} cannot be told: its record cannot be trusted; mend it first`,
    }
  const instead = `${newer.version}, which is newer than ${version},`
  return newer.kind === 'open'
    ? {
        reasonCode: 'promotion-in-progress',
        message: `run ${newer.run?.id ?? 'unknown'} promotes ${instead} to ${environment} since ${newer.at}; promote ${newer.version}, or run this again when that run has ended`,
      }
    : {
        reasonCode: 'newer-version-there',
        message: `${instead} is in ${environment} since ${newer.at}; promote ${newer.version}, or reject it at its sign-off first`,
      }
}
