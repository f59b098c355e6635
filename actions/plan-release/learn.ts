import type { Learnt } from '@relman/core/baseline/learnt'
import type { Ended } from '@relman/core/caution/lessons'
import { pastReleases } from '@relman/core/caution/past-releases'
import { ownVersions } from '@relman/core/embargo/own-versions'
import { learnSpreads, liveAt } from '@relman/core/history/learn-from-record'
import type { RecordStore } from '@relman/core/ports/record-store'
import semver from 'semver'

type Wanted = { store: RecordStore | null; service: string; version: string; previous: string | null }

/**
 * What the record teaches the judge of this release: when the previous one went live, and how much the arms of past
 * releases differed. A record that cannot be read teaches nothing; that is said, and stops no plan.
 */
export const learn = async ({
  store,
  service,
  version,
  previous,
}: Wanted): Promise<{ learnt: Learnt; ended: Ended[]; gaps: string[] }> => {
  const nothing: Learnt = { previousLiveAt: null, armSpread: [] }
  if (!store) return { learnt: nothing, ended: [], gaps: [] }
  try {
    let left = 0
    const all = await store.neighbours((known) => {
      const releases = known.find((each) => each.service === service)?.releases ?? []
      const own = ownVersions(releases.filter((one) => semver.valid(one) && semver.lt(one, version)))
      left = own.left
      return own.versions.map((release) => ({ service, release }))
    })
    const past = pastReleases(all.sort((a, b) => semver.compare(b.release, a.release)))
    const before = all.find(({ release }) => release === previous)?.events
    const known = before ?? (previous === null ? [] : await store.events(service, previous))
    return {
      learnt: { previousLiveAt: liveAt(known), armSpread: learnSpreads(past.events) },
      ended: past.ended,
      gaps: [
        ...past.gaps,
        ...(left > 0
          ? [`${left} lower versions of the record were not looked at for lessons and fixes`]
          : []),
      ],
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return {
      learnt: nothing,
      ended: [],
      gaps: [
        `past releases could not be read from the record, so the judge learns nothing from them: ${why}`,
      ],
    }
  }
}
