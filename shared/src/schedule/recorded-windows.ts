import semver from 'semver'
import { z } from 'zod'
import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import type { Busy } from './busy.ts'

/** More services than these, and more releases of each, are not looked at. */
const mostServices = 40
const mostReleases = 3

type Listed = { service: string; releases: readonly string[] }
type Named = { service: string; release: string }
/** `events` are null where they cannot be trusted. */
export type Neighbour = Named & { events: readonly RecordEvent[] | null }

/** The releases whose windows may matter to another: the newest of each service. */
export const newestReleases = (all: readonly Listed[]): Named[] =>
  all.slice(0, mostServices).flatMap(({ service, releases }) =>
    releases
      .filter((release) => semver.valid(release) !== null)
      .sort(semver.rcompare)
      .slice(0, mostReleases)
      .map((release) => ({ service, release })),
  )

const planned = z.object({ window: z.object({ start: z.iso.datetime(), end: z.iso.datetime() }) })

/**
 * The windows that other releases of the record hold (row P10): those that are approved or under way, and of each other service
 * the newest plan. An older plan of the same service is what the new one takes the place of, and holds nothing. An
 * emergency waits for the rollout of its own service alone.
 *
 * @param together services whose releases may share a window with this one
 */
export const recordedWindows = (
  neighbours: readonly Neighbour[],
  own: { service: string; version: string; together: readonly string[] },
): { busy: Busy[]; unread: string[] } => {
  const busy: Busy[] = []
  const unread: string[] = []
  const newest = new Map<string, Busy & { at: string }>()
  for (const { service, release, events } of neighbours) {
    const same = service === own.service
    if ((same && release === own.version) || (!same && own.together.includes(service))) continue
    if (events === null) {
      unread.push(`${service} ${release}`)
      continue
    }
    const { state, digest } = fold(events)
    const plan = events.findLast((event) => event.kind === 'planned' && event.digest === digest)
    const { data } = planned.safeParse(plan?.data)
    if (!plan || !data) continue
    const held: Busy = {
      ...data.window,
      kind: 'release',
      title: `${service} ${release}`,
      source: 'the record',
      exempt: same && state === 'executing' ? [] : ['hotfix', 'security'],
    }
    if (state === 'approved' || state === 'executing') busy.push(held)
    else if (state === 'planning' && !same && plan.at > (newest.get(service)?.at ?? ''))
      newest.set(service, { ...held, at: plan.at })
  }
  return { busy: [...busy, ...[...newest.values()].map(({ at: _, ...held }) => held)], unread }
}
