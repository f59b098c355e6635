import type { Learnt } from '@relman/core/baseline/learnt'
import { type Ended, endedOf } from '@relman/core/caution/lessons'
import { learnSpreads, liveAt } from '@relman/core/history/learn-from-record'
import type { RecordStore } from '@relman/core/ports/record-store'
import semver from 'semver'

/** More releases teach little more, and each costs two requests. */
const mostReleases = 14

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
    const past = (await store.releases(service))
      .filter((one) => semver.valid(one) !== null && semver.compare(one, version) < 0)
      .sort((a, b) => semver.compare(b, a))
      .slice(0, mostReleases)
    const releases = await Promise.all(past.map((one) => store.events(service, one)))
    const before = releases[past.indexOf(previous ?? '')]
    const known = before ?? (previous === null ? [] : await store.events(service, previous))
    return {
      learnt: { previousLiveAt: liveAt(known), armSpread: learnSpreads(releases) },
      ended: releases.map((events, index) => endedOf(past[index] ?? '', events)),
      gaps: [],
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
