import type { RecordStore } from '@relman/core/ports/record-store'
import { fold } from '@relman/core/record/fold'
import type { ScheduledRelease } from '@relman/core/schedule/next-release'
import semver from 'semver'
import { z } from 'zod'

/** The newest are looked at: what is still to come is among them. */
const mostReleases = 10

const open = ['planning', 'approved']

const planned = z.object({
  schedule: z.object({ window: z.object({ start: z.string() }).nullable() }).nullish(),
})

/** The releases of a service that are planned and not begun, with the window of the plan in force. */
export const plannedReleases = async (
  store: RecordStore | null,
  service: string,
): Promise<ScheduledRelease[]> => {
  if (!store) return []
  const known = (await store.releases(service))
    .filter((version) => semver.valid(version) !== null)
    .sort(semver.rcompare)
    .slice(0, mostReleases)
  const found = await Promise.all(
    known.map(async (version): Promise<ScheduledRelease[]> => {
      const { state, digest } = fold(await store.events(service, version))
      const text = digest !== null && open.includes(state ?? '') ? await store.plan(digest) : null
      const at = text === null ? null : planned.safeParse(JSON.parse(text)).data?.schedule?.window?.start
      return at ? [{ name: `${service} ${version}`, at }] : []
    }),
  )
  return found.flat()
}
