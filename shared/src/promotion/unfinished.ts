import type { RecordEvent, RunRef } from '../record/event.ts'

/** A promotion that the record saw begin and not end. */
export type Unfinished = { key: string; run: RunRef | null; at: string }

const ends = ['promoted', 'promotion-failed']

/** The last promotion to an environment, where it has not ended; null where none is open. */
export const unfinished = (events: readonly RecordEvent[], environment: string): Unfinished | null => {
  const last = events.findLast(
    ({ kind, data }) => (kind === 'promoting' || ends.includes(kind)) && data['environment'] === environment,
  )
  return last?.kind === 'promoting' ? { key: last.key, run: last.run, at: last.at } : null
}

/** Of one run and attempt; asked again in the same attempt it is the same promotion. */
export const promotionKey = (
  kind: 'promoting' | 'promoted' | 'promotion-failed',
  environment: string,
  run: Pick<RunRef, 'id' | 'attempt'>,
): string => [kind, environment, `${run.id}.${run.attempt}`].join(':')
