import type { RiskLevel } from '../config/risk-levels.ts'
import { matchPath } from '../risk/match-path.ts'
import { pathClasses } from '../risk/path-classes.ts'
import type { Change } from '../scope/change.ts'
import { cut } from '../text/visible.ts'
import type { Lesson } from './lessons.ts'

/** A release that was taken back, and what its commits changed; `last`: nothing was exposed after it. */
export type TakenBack = {
  version: string
  why: string
  last: boolean
  shas: ReadonlySet<string>
  paths: ReadonlySet<string>
}

type Item = { change: Change; paths: readonly string[] | null }

/** What hardly harms anybody, and what nearly every release touches, tells nothing. */
const quiet = matchPath(
  pathClasses
    .filter(({ name, level }) => level === 'low' || name === 'dependency')
    .flatMap(({ globs }) => globs),
)

/**
 * Row L6: a change that touches a file which the last exposed release changed before it was taken back, or which two or more of the
 * last five taken back did, counts one level higher, with the reason. `back` newest first.
 */
export const raiseRisk = <Known extends Item>(
  items: readonly Known[],
  back: readonly TakenBack[],
): { items: Known[]; lessons: Lesson[] } => {
  const touched = new Map<TakenBack, { changes: number; path: string }>()
  const raised = items.map((item): Known => {
    const found = reasonOf(item, back)
    if (!found || item.change.reverted) return item
    const { level, levelWhy } = item.change
    const { from, path } = found
    const why = `${from.shas.has(item.change.sha) ? 'shipped in' : 'touches what was changed by'} ${from.version}, which was ${from.why} (${cut(path, 200)})`
    if (level !== 'high')
      touched.set(from, {
        changes: (touched.get(from)?.changes ?? 0) + 1,
        path: touched.get(from)?.path ?? path,
      })
    const higher = above[level]
    return {
      ...item,
      change: { ...item.change, level: higher, levelWhy: higher === level ? `${levelWhy}; ${why}` : why },
    }
  })
  const lessons = [...touched].map(([{ version, why, last }, { changes, path }]) => ({
    from: version,
    why: last ? `the last release was ${why}` : `it was ${why}, and an earlier one that changed the same`,
    change: `${changes} ${changes === 1 ? 'change counts' : 'changes count'} one level riskier: ${changes === 1 ? 'it touches' : 'they touch'} files that it changed (${cut(path, 200)}${changes === 1 ? '' : ', …'})`,
  }))
  return { items: raised, lessons }
}

const above: Record<RiskLevel, RiskLevel> = { low: 'medium', medium: 'high', high: 'high' }

const reasonOf = ({ paths }: Item, back: readonly TakenBack[]): { from: TakenBack; path: string } | null => {
  for (const path of paths ?? []) {
    const [newest, ...others] = back.filter((one) => one.paths.has(path))
    if (newest && (newest.last || others.length > 0) && !quiet(path)) return { from: newest, path }
  }
  return null
}
