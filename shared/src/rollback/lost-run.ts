import type { Lease } from '../record/service.ts'

/** What GitHub says of the run that holds a lease; null when it knows no such run. */
export type RunStatus = { attempt: number; status: string } | null

/** Why nobody walks this rollout any more; null while its run lives. `now` in Unix milliseconds. */
export const lostReason = (
  lease: Lease,
  run: RunStatus,
  now: number,
): 'run-over' | 'run-gone' | 'lease-expired' | null => {
  if (run === null) return 'run-gone'
  if (run.status === 'completed' || run.attempt > lease.run.attempt) return 'run-over'
  return Date.parse(lease.expiresAt) <= now ? 'lease-expired' : null
}
