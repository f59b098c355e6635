import type { Look } from '../../ports/metrics.ts'

/** A provider that fails is down, which is an answer; a caller that gave up is not. */
export const downUnless =
  (signal: AbortSignal | undefined) =>
  (error: unknown): Look => {
    if (signal?.aborted) throw signal.reason
    return { observations: [], down: error instanceof Error ? error.message : String(error) }
  }
