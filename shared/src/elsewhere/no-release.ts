import type { ElsewherePolicy } from '../config/purpose-policy.ts'
import type { Commit } from '../scope/commit.ts'
import { knownWays, type Way, waysOf } from './own-ways.ts'

/** Where changes go that are no release, with a few of the paths that say so. */
export type Elsewhere = { what: string; go: string; paths: string[] }

type Changed = readonly Pick<Commit, 'paths'>[]

/**
 * Row L7: whether everything that changed has a way of its own (configuration, infrastructure, a prototype), as
 * the policy of the protected branch names it. One path that it does not name, or one commit whose paths are not known,
 * and it is a release. No title, label or word of anybody counts.
 */
export const noRelease = (policy: ElsewherePolicy, commits: Changed): Elsewhere[] | null =>
  sort(waysOf(policy), commits)

/**
 * What the policy could name, so that a range like this one were no release: null where it is one in any case. A suggestion
 * for people, which grants nothing.
 */
export const couldGoElsewhere = (policy: ElsewherePolicy, commits: Changed): Elsewhere[] | null => {
  const named = waysOf(policy)
  const found = sort([...named, ...knownWays], commits)
  return found && sort(named, commits) === null ? found : null
}

const sort = (ways: readonly Way[], commits: Changed): Elsewhere[] | null => {
  if (ways.length === 0 || commits.length === 0 || commits.some(({ paths }) => paths === null)) return null
  const paths = [...new Set(commits.flatMap(({ paths }) => paths ?? []))].sort()
  if (paths.length === 0) return null
  const sorted = ways.map((way) => ({ way, paths: [] as string[] }))
  for (const path of paths) {
    const found = sorted.find(({ way }) => way.fits(path))
    if (!found) return null
    found.paths.push(path)
  }
  return sorted
    .filter(({ paths }) => paths.length > 0)
    .map(({ way, paths }) => ({ what: way.what, go: way.go, paths: paths.slice(0, 20) }))
}
