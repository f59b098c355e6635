import type { ElsewherePolicy } from '../config/purpose-policy.ts'
import { matchPath } from '../risk/match-path.ts'
import type { Commit } from '../scope/commit.ts'

/** Where changes go that are no release, with a few of the paths that say so. */
export type Elsewhere = { what: string; go: string; paths: string[] }

/**
 * Row L7: whether everything that changed has a way of its own (configuration, infrastructure, a prototype), by the paths
 * that the policy of the protected branch names. One path that it does not name, or one commit whose paths are not known,
 * and it is a release. No title, label or word of anybody counts.
 */
export const noRelease = (
  policy: ElsewherePolicy,
  commits: readonly Pick<Commit, 'paths'>[],
): Elsewhere[] | null => {
  if (policy.length === 0 || commits.length === 0 || commits.some(({ paths }) => paths === null)) return null
  const paths = [...new Set(commits.flatMap(({ paths }) => paths ?? []))].sort()
  if (paths.length === 0) return null
  const ways = policy.map((way) => ({ way, fits: matchPath(way.paths), paths: [] as string[] }))
  for (const path of paths) {
    const found = ways.find(({ fits }) => fits(path))
    if (!found) return null
    found.paths.push(path)
  }
  return ways
    .filter(({ paths }) => paths.length > 0)
    .map(({ way, paths }) => ({ what: way.what, go: way.go, paths: paths.slice(0, 20) }))
}
