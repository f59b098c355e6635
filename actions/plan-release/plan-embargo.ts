import { ConfigurationError } from '@relman/core/config/configuration-error'
import { type Embargo, embargoOf } from '@relman/core/embargo/embargo'
import type { GitHub } from '@relman/core/ports/github'
import type { ReleaseSchedule } from '@relman/core/schedule/release-schedule'

type Ask = { type: string; disclosure: string; schedule: ReleaseSchedule; github: GitHub | null }

/**
 * The embargo of a release; null for one that anybody may hear of. A repository whose visibility is not known counts as
 * public.
 *
 * @throws ConfigurationError for an input that is no moment
 */
export const planEmbargo = async ({ type, disclosure, schedule, github }: Ask): Promise<Embargo | null> => {
  if (type !== 'security' && disclosure === '') return null
  const asked = disclosure === '' ? null : await momentIn(disclosure, schedule.zone)
  const milestone =
    schedule.milestones.find(({ id }) => id === 'disclosure')?.at ?? anHourAfter(schedule.window)
  const visibility = github === null ? 'public' : await github.visibility().catch(() => 'public')
  return embargoOf({ type, disclosure: milestone, asked, public: visibility !== 'private' })
}

const momentIn = async (text: string, zone: string): Promise<string> => {
  const { iso, momentOf } = await import('@relman/core/schedule/moment')
  try {
    return iso(momentOf(text, zone))
  } catch (error) {
    throw error instanceof Error ? new ConfigurationError(`input "disclosure": ${error.message}`) : error
  }
}

/** What takes the time of another type has no such milestone in its timeline. */
const anHourAfter = (window: ReleaseSchedule['window']): string | null =>
  window && new Date(Date.parse(window.end) + 3_600_000).toISOString()
