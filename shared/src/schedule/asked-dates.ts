import { Temporal } from 'temporal-polyfill'
import { ConfigurationError } from '../config/configuration-error.ts'
import { dateOf, instantOf, momentOf } from './moment.ts'

/** Days ahead that may be asked for: each day is looked at, window by window. */
const furthest = 400

/**
 * The dates that a caller asks for, checked before anything is looked up for them.
 *
 * @throws ConfigurationError that names the input, for a date that does not exist or lies too far ahead
 */
export const checkAskedDates = (
  { by, preferred, notBefore }: { by: string; preferred: readonly string[]; notBefore: string },
  now: string,
  zone: string,
): void => {
  if (by !== '') check('ship-by', by, () => momentOf(by, zone, true), now)
  if (notBefore !== '') check('not-before', notBefore, () => momentOf(notBefore, zone), now)
  for (const date of preferred) check('preferred-dates', date, () => dateOf(date).toZonedDateTime(zone), now)
}

const check = (input: string, text: string, read: () => Temporal.ZonedDateTime, now: string): void => {
  const end = instantOf(now).add({ hours: 24 * furthest })
  try {
    if (Temporal.Instant.compare(read().toInstant(), end) <= 0) return
  } catch (error) {
    throw error instanceof Error ? new ConfigurationError(`input "${input}": ${error.message}`) : error
  }
  throw new ConfigurationError(
    `input "${input}": ${text} lies more than ${furthest} days ahead; plan it when it is nearer`,
  )
}
