/** Time, so that concepts and verbs never read it themselves. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Ends early, by rejecting with the signal's reason, when `signal` aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}
