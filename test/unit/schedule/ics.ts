import { schedulePolicy } from '@relman/core/config/schedule-policy'
import type { z } from 'zod'

/** An iCalendar file around the given lines. */
export const ics = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n')

export const event = (...lines: string[]): string[] => ['BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT']

export const policy = (given: z.input<typeof schedulePolicy> = {}) => schedulePolicy.parse(given)
