import { closeRequest } from '@relman/core/change-request/close-request'
import type { RecordEvent } from '@relman/core/record/event'
import type { ReleaseFacts } from './release-facts.ts'

/** Where the change request of a release that ended lies, and what it says; empty while the release is open. */
export type Closed = { path: string; said: string }

/**
 * Writes the change request of a release that ended (row P19) as `change-request.json`, for the tool at hand: with its outcome
 * until the review of its timeline closes it. It is sent to nobody.
 */
export const closeChange = async (
  { plan, digest, context, ports }: ReleaseFacts,
  events: readonly RecordEvent[],
  name = 'change-request.json',
): Promise<Closed> => {
  const at = new Date(ports.clock.now()).toISOString()
  const request = closeRequest(plan, digest, events, { by: context.actor, at })
  if (!request) return { path: '', said: '' }
  const { closure, outcome } = request
  const said = closure
    ? `change request ${request.id} closed: ${closure.result}`
    : `change request ${request.id}: ${outcome?.result ?? ''}, to be closed by the review that is due ${(outcome?.reviewDue ?? '').slice(0, 10)}`
  try {
    const path = await ports.write(name, `${JSON.stringify(request, null, 2)}\n`)
    return { path, said }
  } catch (error) {
    // What happened is in the record already, and running again writes the file.
    return { path: '', said: `${said}, but ${error instanceof Error ? error.message : String(error)}` }
  }
}
