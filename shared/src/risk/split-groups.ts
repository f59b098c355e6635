import type { Change } from '../scope/change.ts'
import { matchPath } from './match-path.ts'
import { pathClasses } from './path-classes.ts'

/** A change, with its paths and component where they are known. */
export type ScopeItem = { change: Change; paths?: readonly string[] | null; component?: string | null }

// Files that everything touches say nothing about what belongs together.
const common = ['generated', 'documentation', 'dependency', 'pipeline', 'configuration']
const everywhere = matchPath(
  pathClasses.filter(({ name }) => common.includes(name)).flatMap(({ globs }) => globs),
)

/** A file that more than this share of the changes touch joins nothing. */
const hubShare = 0.25
const hubLeast = 8

/**
 * Changes that belong together: they share a component, an area (Conventional scope), an issue or a file, directly or
 * through others. Groups and what is in them keep the order of the items.
 */
export const relatedGroups = (items: readonly ScopeItem[]): ScopeItem[][] => {
  const sharing = new Map<string, number[]>()
  for (const [index, item] of items.entries())
    for (const mark of marksOf(item)) sharing.set(mark, [...(sharing.get(mark) ?? []), index])
  const hub = Math.max(hubLeast, items.length * hubShare)
  const leader = items.map((_, index) => index)
  const find = (index: number): number => {
    let at = index
    while (leader[at] !== at) {
      leader[at] = leader[leader[at] as number] as number
      at = leader[at] as number
    }
    return at
  }
  for (const [mark, indexes] of sharing) {
    if (indexes.length > hub && mark.startsWith('path ')) continue
    for (const index of indexes) leader[find(index)] = find(indexes[0] as number)
  }
  const groups = new Map<number, ScopeItem[]>()
  for (const [index, item] of items.entries())
    groups.set(find(index), [...(groups.get(find(index)) ?? []), item])
  return [...groups.values()]
}

const marksOf = ({ change, paths, component }: ScopeItem): Set<string> =>
  new Set([
    ...(component ? [`component ${component}`] : []),
    ...(change.area ? [`area ${change.area.toLowerCase()}`] : []),
    ...change.issues.map((issue) => `issue ${issue}`),
    ...(paths ?? []).filter((path) => !everywhere(path)).map((path) => `path ${path}`),
  ])
