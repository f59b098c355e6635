import type { Config } from '../config/config.ts'
import { higher, type RiskLevel } from '../config/risk-levels.ts'
import type { Item } from '../scope/inventory.ts'
import { cut } from '../text/escape-markdown.ts'
import { riskyArea } from './area-classes.ts'
import { matchPath } from './match-path.ts'
import { isMigration } from './migration-paths.ts'
import { pathClasses } from './path-classes.ts'

export type Assessment = {
  level: RiskLevel
  why: string
  /** Paths that say "a database migration". */
  migrations: string[]
  /** Paths that describe an interface which others build on. */
  interfaces: string[]
  /** Whether it changes what runs, beside migrations. */
  runs: boolean
}

/** Classes of files that do not run in the service. */
const still = ['generated', 'test', 'migration', 'policy', 'documentation', 'pipeline']

const quietKinds = ['docs', 'test', 'style', 'ci', 'chore']
const flagged = /\b(?:behind (?:a |the )?(?:feature )?flag|feature[- ]flag(?:ged)?)\b|^flag: \S/im

/**
 * Gives the level of one change and why. Paths are asked one by one: the first rule of the configuration that matches
 * a path decides for it, else the first built-in class, else it is code (medium). The highest path counts. Labels and
 * keywords of a rule, an area of high risk, a breaking change, and a new feature that no flag hides only raise the level.
 * "Unknown is high" holds where nothing at all is known: neither the files nor a readable type.
 */
export const assessor = (rules: Config['risk']['rules']): ((item: Item) => Assessment) => {
  const own = rules.map((rule) => ({ ...rule, name: 'rule', matches: matchPath(rule.paths) }))
  const builtIn = pathClasses.map((each) => ({ ...each, matches: matchPath(each.globs) }))
  const classes = [...own, ...builtIn]
  const known = new Map<string, PathKind>()
  const classify = (path: string): PathKind => {
    const kind = known.get(path) ?? classes.find((each) => each.matches(path)) ?? code
    known.set(path, kind)
    return kind
  }
  return (item) => {
    const byPath = (item.paths ?? []).map((path) => ({ ...classify(path), path }))
    const reasons = [
      ...pathReasons(byPath),
      ...raisedBy(own, item),
      ...inArea(item, byPath),
      ...nature(item, byPath),
    ]
    const level = reasons.reduce<RiskLevel>((high, reason) => higher(high, reason.level), 'low')
    const deciding = [
      ...new Set(reasons.filter((reason) => reason.level === level).map((reason) => reason.why)),
    ]
    return {
      level,
      why: deciding.slice(0, 4).join('; '),
      migrations: byPath.filter(({ name }) => name === 'migration').map(({ path }) => path),
      interfaces: byPath.filter(({ name }) => name === 'interface').map(({ path }) => path),
      runs: item.paths === null || byPath.some(({ name }) => !still.includes(name)),
    }
  }
}

type PathKind = { name: string; level: RiskLevel; why: string }

const code: PathKind = { name: 'code', level: 'medium', why: 'code that users do not see directly' }

type Reason = { level: RiskLevel; why: string }

const pathReasons = (paths: readonly (Reason & { path: string })[]): Reason[] => {
  const first = new Map<string, Reason>()
  for (const { level, why, path } of paths) {
    if (!first.has(`${level} ${why}`))
      first.set(`${level} ${why}`, { level, why: `${why} (${cut(path, 200)})` })
  }
  return [...first.values()]
}

const raisedBy = (rules: Config['risk']['rules'], { change, text }: Item): Reason[] => {
  const words = `${change.subject}\n${text}`.toLowerCase()
  return rules.flatMap((rule) => {
    const label = rule.labels.find((name) => change.labels.includes(name))
    const keyword = rule.keywords.find((word) => word !== '' && words.includes(word.toLowerCase()))
    if (label === undefined && keyword === undefined) return []
    return [
      {
        level: rule.level,
        why: `${rule.why} (${label === undefined ? `"${keyword}" in the message` : `label ${label}`})`,
      },
    ]
  })
}

/**
 * An area of high risk counts where code of it changes, or where the files are not known. Not beside a rule of the
 * configuration: who wrote that knows these paths.
 */
const inArea = ({ change, paths }: Item, byPath: readonly PathKind[]): Reason[] => {
  const why = riskyArea(change.area)
  const code = byPath.some(({ name, level }) => level !== 'low' && name !== 'rule')
  return why !== null && (paths === null || code) ? [{ level: 'high', why }] : []
}

const nature = ({ change, paths, text }: Item, byPath: readonly { level: RiskLevel }[]): Reason[] => {
  if (change.breaking) return [{ level: 'high', why: 'a breaking change' }]
  const seen = paths !== null && byPath.every(({ level }) => level === 'low')
  if (change.kind === 'feat' && !seen) {
    const hidden = flagged.test(text) || change.labels.some((label) => /flag/i.test(label))
    return hidden
      ? [{ level: 'medium', why: 'a feature behind a flag' }]
      : [{ level: 'high', why: 'a new feature, and no flag that hides it' }]
  }
  if (paths === null) {
    if (!change.readable)
      return [{ level: 'high', why: 'nothing is known about it: neither its files nor its type' }]
    const quiet = quietKinds.includes(change.kind)
    return [{ level: quiet ? 'low' : 'medium', why: `type ${change.kind}, its files were not read` }]
  }
  return paths.length === 0 ? [{ level: 'low', why: 'it changes no file' }] : []
}

/**
 * The change again, now that its lines are known: one that takes lines out of a description of an interface may break
 * what others built on it, and nothing here can tell whether it does.
 */
export const withLines = <Known extends { level: RiskLevel; levelWhy: string }>(
  change: Known,
  interfaces: readonly string[],
  files: ReadonlyArray<{ path: string; deleted: number }> | null,
): Known => {
  const lost = files?.find(({ path, deleted }) => deleted > 0 && interfaces.includes(path))
  if (!lost) return change
  const why = `lines taken out of an interface that others build on (${cut(lost.path, 200)})`
  return { ...change, level: 'high', levelWhy: change.level === 'high' ? `${change.levelWhy}; ${why}` : why }
}

/**
 * The change again, now that the state of its migrations is known: where all of them ran before this release (`edited`), it edits
 * or deletes them, and no data changes by that.
 */
export const withEdited = <Known extends { levelWhy: string }>(
  change: Known,
  paths: readonly string[] | null,
  edited: ReadonlySet<string>,
): Known => {
  const own = (paths ?? []).filter(isMigration)
  if (own.length === 0 || !own.every((path) => edited.has(path))) return change
  return {
    ...change,
    levelWhy: change.levelWhy.replace(/(^|; )a database migration \(/, '$1an edited database migration ('),
  }
}
