import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'

/** Whether a release may be under embargo still, by its events: completed is what was disclosed. Its plan says until when. */
export const mayBeClosed = (events: readonly RecordEvent[]): boolean => {
  const told = events.findLast(({ kind }) => kind === 'planned')?.data
  const closed = told?.['type'] === 'security' || told?.['embargo'] === true
  return closed && fold(events).state !== 'completed'
}
