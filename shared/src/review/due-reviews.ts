import semver from 'semver'
import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { isReviewed, reviewOf } from './review.ts'
import { endedAt } from './review-due.ts'

type Listed = { service: string; releases: readonly string[] }
type Named = { service: string; release: string }

/** Which release is asked for; empty: every one whose review is due. */
export type Asked = { service: string; version: string }

const day = 86_400_000
/** More services than these, and more releases of each, are not looked at unless a version is named. */
const mostServices = 40
const mostReleases = 15
/** Days after its end after which nobody waits for a review any more, unless its version is named. */
const longest = 60
/** Days in which what a lost run left undone is made up. */
const again = 2

/** The releases whose record may hold a review that is due. */
export const reviewCandidates = (all: readonly Listed[], { service, version }: Asked): Named[] =>
  all
    .filter((one) => service === '' || one.service === service)
    .slice(0, version === '' ? mostServices : undefined)
    .flatMap((one) =>
      (version === ''
        ? one.releases
            .filter((release) => semver.valid(release) !== null)
            .sort(semver.rcompare)
            .slice(0, mostReleases)
        : one.releases.filter((release) => release === version)
      ).map((release) => ({ service: one.service, release })),
    )

/**
 * What is to be done about one release: `review` it once that is due, bring the pages of a review `again` up to date, or nothing, because it
 * is `open` (nobody was exposed, or it has not ended) or `over` (reviewed, or long ago). `now` in milliseconds since 1970.
 */
export const standingOf = (
  events: readonly RecordEvent[],
  now: number,
  named: boolean,
): 'review' | 'again' | 'open' | 'over' => {
  const ended = endedAt(events)
  if (!isReviewed(fold(events).state) || ended === null) return 'open'
  const reviewed = reviewOf(events)
  if (reviewed) return named || now - Date.parse(reviewed.event.at) < again * day ? 'again' : 'over'
  return named || now - Date.parse(ended) < longest * day ? 'review' : 'over'
}
