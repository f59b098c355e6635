import { type Steps, started } from './steps.ts'
import type { Draft, Move, Operation, RunLook } from './train.ts'

/** A run that was asked for appears in GitHub's list within seconds; after this many it was never started. */
export const graceSeconds = 120

const mostAttempts = 3
/** As often a right that is missing, or a limit, is waited out. */
const mostWithdrawn = 20

/** What a claimed start comes to: its run is there, or is waited for, or is asked for again, or never came. */
export type Started = { drafts: Draft[]; moves: Move[]; lost: boolean }

/**
 * Follows a start from its claim to its run. A claim without a run is of a job that was killed in between: the run is looked
 * for by its key, and asked for again only when it is not there after the grace.
 */
export const follow = (
  { component, operation }: { component: string; operation: Operation },
  steps: Steps,
  found: RunLook | null,
  now: string,
): Started => {
  if (steps.run !== null) return { drafts: [], moves: [], lost: false }
  if (found)
    return { drafts: [started({ component, operation }, found.id, found.url)], moves: [], lost: false }
  const waited =
    steps.claimedAt === null ? Number.POSITIVE_INFINITY : Date.parse(now) - Date.parse(steps.claimedAt)
  if (waited < graceSeconds * 1000) return { drafts: [], moves: [], lost: false }
  if (steps.attempts - steps.withdrawn >= mostAttempts || steps.withdrawn >= mostWithdrawn)
    return { drafts: [], moves: [], lost: true }
  const attempt = steps.attempts + 1
  return { drafts: [], moves: [{ act: 'start', component, operation, attempt }], lost: false }
}
