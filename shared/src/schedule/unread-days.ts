import type { SchedulePolicy } from '../config/schedule-policy.ts'
import { type ReleaseType, typeRules } from './release-types.ts'

/**
 * In one sentence, that nobody reads public holidays, or neither holidays nor freezes; null where holidays are read, and for an
 * emergency, which neither holds. Freezes may be missing on purpose, so that they are named only beside holidays.
 */
export const unreadDays = (
  { calendars, freezes }: Pick<SchedulePolicy, 'calendars' | 'freezes'>,
  type: ReleaseType,
): string | null => {
  if (typeRules[type].emergency) return null
  if (calendars.some(({ kind }) => kind === 'holiday')) return null
  const frozen = freezes.length > 0 || calendars.some(({ kind }) => kind === 'freeze')
  return frozen
    ? 'no calendar of public holidays is configured (schedule.calendars, kind: holiday): the window may lie on one'
    : 'no calendar of public holidays or freezes is configured (schedule.calendars, schedule.freezes): the window may lie on one'
}
