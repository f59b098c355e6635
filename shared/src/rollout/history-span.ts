/**
 * The past that is learnt before a first move at `movedAt`. It ends a look earlier, so that every sample of it has arrived,
 * and whoever judges the rollout again learns from the very same numbers.
 */
export const historySpan = (movedAt: number, length: number, seconds: number): [from: number, to: number] => [
  movedAt - seconds - length,
  movedAt - seconds,
]
