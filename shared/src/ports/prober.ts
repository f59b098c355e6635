import type { Observation } from '../verdict/observation.ts'
import type { Look } from './metrics.ts'

/** Sends requests of relman's own to both versions, and counts what they came to. Times are Unix seconds. */
export type Prober = {
  /** Begins to ask, and after `seconds` says why nothing could be learnt of the stable version; null when it could. */
  begin(seconds: number, signal: AbortSignal): Promise<string | null>
  /** What came back since the last look. */
  observe(): Look
  /** What was seen between two moments; before the first look of the stable version alone. */
  past(from: number, to: number): Look
  /** Everything that was told, for whoever judges it again. */
  told(): readonly Observation[]
  /** Ends what is under way, at once. */
  stop(): void
}
