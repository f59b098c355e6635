import type { Config } from '@relman/core/config/config'
import type { Plan } from '@relman/core/plan/plan'
import type { RecordStore } from '@relman/core/ports/record-store'
import type { RecordEvent } from '@relman/core/record/event'
import type { Busy } from '@relman/core/schedule/busy'
import { lastPlan } from './since-revision.ts'

/** What the record knows of windows: the plan before this one, and when other releases happen. */
export type Windows = { before: Plan | null; recorded: Busy[]; others: Other[]; gaps: string[] }

/** Another version of this service. */
type Other = { release: string; events: readonly RecordEvent[] }

type Ask = { store: RecordStore | null; service: string; version: string; policy: Config['schedule'] }

/** A record that cannot be read holds no window; that is said, and stops no plan. */
export const readWindows = async ({ store, service, version, policy }: Ask): Promise<Windows> => {
  if (!store) return { before: null, recorded: [], others: [], gaps: [] }
  try {
    const { newestReleases, recordedWindows } = await import('@relman/core/schedule/recorded-windows')
    const { ownVersions } = await import('@relman/core/embargo/own-versions')
    let left = 0
    const [events, neighbours] = await Promise.all([
      store.events(service, version),
      store.neighbours((all) => {
        const own = ownVersions(all.find((each) => each.service === service)?.releases ?? [])
        left = own.left
        const others = newestReleases(all).filter((each) => each.service !== service)
        return [...others, ...own.versions.map((release) => ({ service, release }))]
      }),
    ])
    const { busy, unread } = recordedWindows(neighbours, { service, version, together: policy.together })
    return {
      before: (await lastPlan(store, events))?.plan ?? null,
      recorded: busy,
      others: neighbours.flatMap(({ service: of, release, events: own }) =>
        of === service && release !== version && own ? [{ release, events: own }] : [],
      ),
      gaps: [
        ...(unread.length > 0
          ? [`the windows of ${unread.slice(0, 5).join(', ')} are not known: their record cannot be trusted`]
          : []),
        ...(left > 0
          ? [`whether this ships a change of a release under embargo is not known of ${left} lower versions`]
          : []),
      ],
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return {
      before: null,
      recorded: [],
      others: [],
      gaps: [`the windows of other releases could not be read from the record: ${why}`],
    }
  }
}
