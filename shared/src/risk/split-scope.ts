import { higher, type RiskLevel } from '../config/risk-levels.ts'
import type { Change } from '../scope/change.ts'
import { cut } from '../text/visible.ts'
import { relatedGroups, type ScopeItem } from './split-groups.ts'

/** How much one release may hold. The numbers are the project's own; these defaults are ours, not measured ones. */
export type ScopeTolerance = {
  /** Changes that are more than housekeeping, by the level of the release. */
  changes: Record<RiskLevel, number>
  /** Unrelated groups that are of high risk each. */
  highGroups: number
  /** Unrelated groups with a breaking change. */
  majors: number
}

export const scopeTolerance: ScopeTolerance = {
  changes: { low: 400, medium: 200, high: 100 },
  highGroups: 5,
  majors: 1,
}

export type SplitRelease = { changes: string[]; level: RiskLevel; breaking: boolean; about: string }

export type ScopeSplit = {
  reasons: { code: 'unrelated' | 'several-majors' | 'too-many'; text: string }[]
  /** In the order to ship: the least risky first, breaking ones last. Every change is in exactly one. */
  releases: SplitRelease[]
}

/** Types that ride with any release. */
const housekeeping = ['docs', 'test', 'style', 'ci', 'chore', 'build']

/**
 * Row P6: whether the changes of a release belong together. Null when they do; else the reasons and the releases to make of
 * it, with related changes kept in one (only a group that alone is too large is cut, oldest part first). Undone changes
 * do not count.
 */
export const splitScope = (
  items: readonly ScopeItem[],
  tolerance: ScopeTolerance = scopeTolerance,
): ScopeSplit | null => {
  const standing = items.filter(({ change }) => !change.reverted)
  const substance = standing.filter(({ change }) => weighs(change))
  const groups = relatedGroups(substance)
  const level = levelOf(substance)
  const high = groups.filter((group) => levelOf(group) === 'high')
  const breaking = groups.filter((group) => group.some(({ change }) => change.breaking))
  const limit = tolerance.changes[level]
  const list = (some: readonly ScopeItem[][]): string =>
    `${some.slice(0, 4).map(about).join('; ')}${some.length > 4 ? '; …' : ''}`
  const reasons: ScopeSplit['reasons'] = [
    ...(high.length > tolerance.highGroups
      ? [
          {
            code: 'unrelated' as const,
            text: `${high.length} unrelated groups of changes are of high risk each, more than ${tolerance.highGroups}: a fault in one takes the others back with it (${list(high)})`,
          },
        ]
      : []),
    ...(breaking.length > tolerance.majors
      ? [
          {
            code: 'several-majors' as const,
            text: `${breaking.length} unrelated breaking changes in one release, more than ${tolerance.majors}: users must adapt to all of them at once (${list(breaking)})`,
          },
        ]
      : []),
    ...(substance.length > limit
      ? [
          {
            code: 'too-many' as const,
            text: `${substance.length} changes, more than the ${limit} that a release of ${level} risk may hold`,
          },
        ]
      : []),
  ]
  if (reasons.length === 0) return null
  const releases = pack(groups, tolerance)
  const riding = standing.filter(({ change }) => !weighs(change))
  const [first, ...others] = releases
  const withRiders = first ? [[...first, ...riding], ...others] : riding.length > 0 ? [riding] : []
  return { reasons, releases: withRiders.map(releaseOf) }
}

const weighs = ({ kind, breaking, level }: Change): boolean =>
  breaking || level === 'high' || !housekeeping.includes(kind)

const levelOf = (items: readonly ScopeItem[]): RiskLevel =>
  items.reduce<RiskLevel>((level, { change }) => higher(level, change.level), 'low')

/** Whole groups, least risky first, as many in a release as the tolerance lets. */
const pack = (groups: readonly ScopeItem[][], tolerance: ScopeTolerance): ScopeItem[][] => {
  const weight = (group: readonly ScopeItem[]): number =>
    ['low', 'medium', 'high'].indexOf(levelOf(group)) + (hasBreaking(group) ? 3 : 0)
  // Of the same weight the older goes first: later changes may build on it.
  const sorted = [...groups]
    .reverse()
    .flatMap((group) => cutOff(group, tolerance.changes[levelOf(group)]))
    .sort((a, b) => weight(a) - weight(b))
  const releases: ScopeItem[][][] = []
  for (const group of sorted) {
    const last = releases.at(-1)
    const both = [...(last ?? []), group]
    if (last && fits(both, tolerance)) last.push(group)
    else releases.push([group])
  }
  return releases.map((release) => release.flat())
}

const hasBreaking = (group: readonly ScopeItem[]): boolean => group.some(({ change }) => change.breaking)

const fits = (groups: readonly (readonly ScopeItem[])[], tolerance: ScopeTolerance): boolean => {
  const all = groups.flat()
  return (
    all.length <= tolerance.changes[levelOf(all)] &&
    groups.filter((group) => levelOf(group) === 'high').length <= tolerance.highGroups &&
    groups.filter(hasBreaking).length <= tolerance.majors
  )
}

/** A group that is too large for any release, oldest first, in parts; items come newest first. */
const cutOff = (group: readonly ScopeItem[], limit: number): ScopeItem[][] => {
  const size = Math.max(1, limit)
  const oldest = [...group].reverse()
  return Array.from({ length: Math.ceil(oldest.length / size) }, (_, part) =>
    oldest.slice(part * size, (part + 1) * size).reverse(),
  )
}

const releaseOf = (items: readonly ScopeItem[]): SplitRelease => ({
  changes: items.map(({ change }) => change.sha),
  level: levelOf(items),
  breaking: hasBreaking(items),
  about: about(items),
})

/** The areas of a group, or the title of its weightiest change. */
const about = (items: readonly ScopeItem[]): string => {
  const areas = [...new Set(items.flatMap(({ change }) => change.area ?? []))]
  const [first] = items.filter(({ change }) => change.breaking || change.level === levelOf(items))
  const title = cut(first?.change.title ?? '', 80)
  return areas.length > 0 ? `${cut(areas.slice(0, 3).join(', '), 80)}: ${title}` : title
}
