import { ConfigurationError } from '../../config/configuration-error.ts'
import type { SchedulePolicy } from '../../config/schedule-policy.ts'
import { type Busy, configuredFreezes } from '../../schedule/busy.ts'
import type { Span } from '../../schedule/moment.ts'
import { readCalendar } from '../../schedule/read-calendar.ts'

/** Bytes; a year of a large company's calendar is under 2 MB. */
export const calendarLimit = 5 * 1024 * 1024
const timeoutSeconds = 15

type Entry = SchedulePolicy['calendars'][number]

/** Reads a file of the repository as text; null when there is none. Refuses what leads out of the repository. */
export type ReadFile = (path: string) => Promise<string | null>

/**
 * All that keeps releases out over the horizon: freezes of the configuration, and every calendar it names, from files of
 * the repository (at the commit that policy comes from) and from https addresses.
 *
 * @throws ConfigurationError that names the calendar, and the line where one is bad. A calendar that cannot be read is
 * never an empty one.
 */
export const readCalendars = async (
  policy: Pick<SchedulePolicy, 'calendars' | 'freezes' | 'zone' | 'allow'>,
  horizon: Span,
  readFile: ReadFile,
  signal?: AbortSignal,
): Promise<Busy[]> => {
  const texts = await Promise.all(
    policy.calendars.map((entry, index) =>
      isAddress(entry.source)
        ? fetchText(entry.source, index, policy.allow, signal)
        : fileText(entry.source, index, readFile),
    ),
  )
  const busy = policy.calendars.flatMap((entry, index) =>
    readCalendar(
      {
        text: texts[index] ?? '',
        file: callIt(entry, index),
        kind: entry.kind,
        zone: entry.zone ?? policy.zone,
        exempt: entry.exempt,
      },
      horizon,
    ),
  )
  return [...configuredFreezes(policy), ...busy]
}

const isAddress = (source: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(source)

/** Addresses of calendars often hold a secret in their path: only the host is ever shown. */
const callIt = ({ name, source }: Entry, index: number): string => {
  if (name !== undefined) return name
  return isAddress(source) ? `${hostOf(source, index)} (schedule.calendars[${index}])` : source
}

const hostOf = (source: string, index: number): string => addressOf(source, index).host

const addressOf = (source: string, index: number): URL => {
  try {
    return new URL(source.replace(/^webcal:/i, 'https:'))
  } catch {
    throw new ConfigurationError(
      `schedule.calendars[${index}].source is no address; write one like https://example.com/holidays.ics`,
    )
  }
}

const fileText = async (path: string, index: number, readFile: ReadFile): Promise<string> => {
  const text = await readFile(path)
  if (text === null)
    throw new ConfigurationError(`does not exist, but schedule.calendars[${index}] names it`, { file: path })
  if (text.length > calendarLimit)
    throw new ConfigurationError(`is larger than ${calendarLimit / 1024 / 1024} MB`, { file: path })
  return text
}

const fetchText = async (
  source: string,
  index: number,
  allow: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> => {
  const url = addressOf(source, index)
  const listed = (host: string, port: string) => allow.includes(host) || allow.includes(`${host}:${port}`)
  const name = `${url.host} (schedule.calendars[${index}])`
  if (url.username !== '' || url.password !== '')
    throw new ConfigurationError(`${name}: a password does not belong into the configuration`)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && listed(url.hostname, url.port || '80')))
    throw new ConfigurationError(`${name}: calendars are read by https only`)
  // Importing node:http evaluates all of the runtime's fetch: only where an address is to be read.
  const { request } = await import('../network/request.ts')
  const answer = await request({
    url: url.href,
    headers: { accept: 'text/calendar, text/plain;q=0.5' },
    timeoutSeconds,
    limit: calendarLimit,
    allowPrivate: listed,
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw new ConfigurationError(`${name} cannot be read: ${reason(error as Error, url)}`)
  })
  if (answer.status >= 300 && answer.status < 400)
    throw new ConfigurationError(`${name} redirects (HTTP ${answer.status}); write the address it leads to`)
  if (answer.status !== 200)
    throw new ConfigurationError(`${name} cannot be read: it answers HTTP ${answer.status}`)
  return answer.text
}

/** Without the path, and with the key that allows this kind of host. */
const reason = (error: Error, url: URL): string =>
  error.message
    .replaceAll(`${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`, url.host)
    .replace('metrics.allow', 'schedule.allow')
