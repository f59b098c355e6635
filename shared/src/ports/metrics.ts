import type { Observation } from '../verdict/observation.ts'

/** Down is a state of its own, never a failed check: `reason` says what did not answer. */
export type Look = {
  observations: Observation[]
  down: string | null
  /** What was missing or odd in the data, each in one sentence. */
  notes?: string[]
  /** Checks whose next data is not due yet: their provider counts in longer slices than looks are apart. */
  waiting?: string[]
}

/** Reads increments of counters between two moments, for both versions. Times are Unix seconds. */
export type MetricsProvider = {
  /** Says when the new version was first exposed: what is compared with another time is read from there. */
  anchor?(movedAt: number): void
  /** One observation a check for (from, to]; `weight` is the share of traffic the new version had. */
  observe(from: number, to: number, weight: number, signal?: AbortSignal): Promise<Look>
  /** Observations in buckets of `seconds`, to replay a range after a restart or to read history. */
  range(from: number, to: number, seconds: number, weight: number, signal?: AbortSignal): Promise<Look>
}
