import { ConfigurationError } from '@relman/core/config/configuration-error'
import { isQueue, queuedPull } from '@relman/core/freeze/queued-pull'
import type { RunContext } from '@relman/core/runtime/run-context'
import type { Inputs } from './inputs.ts'

/**
 * The pull request that is asked about, by the input or by the merge queue; null where the commit itself is.
 *
 * @throws ConfigurationError in a merge queue that names none: nobody would be judged
 */
export const askedPull = ({ pull }: Inputs, { ref }: RunContext): number | null => {
  const asked = pull ?? queuedPull(ref)?.pull ?? null
  if (asked === null && isQueue(ref))
    throw new ConfigurationError(
      `${ref.slice(0, 200)} is a branch of a merge queue that names no pull request (pr-7-<commit>), so that nobody would be judged: set the input pull`,
    )
  return asked
}
