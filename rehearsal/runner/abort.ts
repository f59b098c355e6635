import { setMaxListeners } from 'node:events'

/** An AbortController that any number of jobs and steps may listen to. */
export function createAbort(): AbortController {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  return controller
}
