import { type Plan, plan as planSchema } from '@relman/core/plan/plan'
import type { RecordStore } from '@relman/core/ports/record-store'
import type { RecordEvent } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import type { ScheduledRelease } from '@relman/core/schedule/next-release'
import semver from 'semver'

/** The newest above what is live are looked at: what is still to come is among them. */
const mostReleases = 10

const open = ['planning', 'approved']

/** A release that is planned and not begun: the plan in force, its digest, and what the record holds of it. */
export type OpenRelease = { plan: Plan; digest: string; events: RecordEvent[] }

/** The releases of a service that are planned and not begun; a plan of another version of relman is left out. */
export const openReleases = async (store: RecordStore, service: string): Promise<OpenRelease[]> => {
  const { live } = await store.service(service)
  const known = (await store.releases(service))
    .filter((version) => semver.valid(version) !== null)
    .filter((version) => semver.valid(live?.version) === null || semver.gt(version, live?.version ?? ''))
    .sort(semver.rcompare)
    .slice(0, mostReleases)
  const found = await Promise.all(
    known.map(async (version): Promise<OpenRelease[]> => {
      const events = await store.events(service, version)
      const { state, digest } = fold(events)
      const text = digest !== null && open.includes(state ?? '') ? await store.plan(digest) : null
      const { data } = planSchema.safeParse(text === null ? null : JSON.parse(text))
      return data && digest !== null ? [{ plan: data, digest, events }] : []
    }),
  )
  return found.flat()
}

const unplanned: readonly string[] = ['hotfix', 'security']

/** The windows of the releases that are still to come; a hotfix is none that others wait for. */
export const scheduledReleases = async (
  store: RecordStore | null,
  service: string,
): Promise<ScheduledRelease[]> => {
  const open = store ? await openReleases(store, service) : []
  return open.flatMap(({ plan: { version, type, schedule } }) =>
    schedule?.window && !unplanned.includes(type)
      ? [{ name: `${service} ${version}`, at: schedule.window.start }]
      : [],
  )
}
