import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'

/** How long after its end a release is still shown; what was written then stays. */
const day = 86_400_000

export type Current = { service: string; release: string; digest: string; events: readonly RecordEvent[] }
type Known = { service: string; release: string; events: readonly RecordEvent[] | null }

/**
 * The releases whose whereabouts may have changed: what is under way, what ended within a day, and of what is only planned the
 * newest of each service, because it takes the place of the others. The older plan first. `now` in milliseconds since 1970.
 */
export const currentReleases = (known: readonly Known[], now: number): Current[] => {
  const all = known.flatMap(({ service, release, events }) => {
    if (events === null) return []
    const { state, digest, lastAt } = fold(events)
    const at = events.findLast((event) => event.kind === 'planned' && event.digest === digest)?.at
    return state === null || digest === null || at === undefined
      ? []
      : [{ service, release, digest, events, state, at, lastAt }]
  })
  const waits = (state: string): boolean => ['planning', 'approved', 'rejected'].includes(state)
  const newest = (service: string): string =>
    all
      .filter((one) => one.service === service && waits(one.state))
      .reduce((last, { at }) => (at > last ? at : last), '')
  return all
    .filter((one) =>
      waits(one.state)
        ? one.at === newest(one.service)
        : one.state === 'executing' || now - Date.parse(one.lastAt ?? '') < day,
    )
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ service, release, digest, events }) => ({ service, release, digest, events }))
}
