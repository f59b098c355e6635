import { closeRequest } from '@relman/core/change-request/close-request'
import type { RecordEvent } from '@relman/core/record/event'
import type { ReleaseFacts } from './release-facts.ts'

/** Where the closed change request lies, and what it says; empty while the release is open. */
export type Closed = { path: string; said: string }

/**
 * Writes the change request of a release that ended (row P19) as `change-request.json`, for the tool at hand. It is sent to
 * nobody.
 */
export const closeChange = async (
  { plan, digest, context, ports }: ReleaseFacts,
  events: readonly RecordEvent[],
): Promise<Closed> => {
  const at = new Date(ports.clock.now()).toISOString()
  const request = closeRequest(plan, digest, events, { by: context.actor, at })
  if (!request?.closure) return { path: '', said: '' }
  const said = `change request ${request.id} closed: ${request.closure.result}`
  try {
    const path = await ports.write('change-request.json', `${JSON.stringify(request, null, 2)}\n`)
    return { path, said }
  } catch (error) {
    // What happened is in the record already, and running again writes the file.
    return { path: '', said: `${said}, but ${error instanceof Error ? error.message : String(error)}` }
  }
}
