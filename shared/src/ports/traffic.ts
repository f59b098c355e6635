/** Moves the share of traffic that the new version gets, in percent, and reads it back. */
export type TrafficRouter = {
  set(weight: number, signal?: AbortSignal): Promise<void>
  read(signal?: AbortSignal): Promise<number>
}
