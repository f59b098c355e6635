import type { Config } from '@relman/core/config/config'
import type { Commit } from '@relman/core/ports/git'
import type { GitHub } from '@relman/core/ports/github'
import { assessor } from '@relman/core/risk/assess-change'
import type { Change } from '@relman/core/scope/change'
import type { CodeOwners } from '@relman/core/scope/code-owners'
import { type Item, inventory, pullNumbers } from '@relman/core/scope/inventory'

export type Scope = {
  changes: Change[]
  migrations: string[]
  /** Each change with the paths that it touches, and which of them describe an interface. */
  items: Array<{ change: Change; paths: string[] | null; interfaces: string[] }>
  /** Whether anything that runs changes, beside migrations. */
  runs: boolean
  /** How many changes of the range touch none of several components. */
  outside: number
}

export type View = {
  owners?: CodeOwners | undefined
  /** The components that a change belongs to, and those whose changes are asked for; all changes without `only`. */
  touched?: (change: { paths: readonly string[] | null; area: string | null }) => string[]
  only?: ReadonlySet<string>
  /** What reverts name that lies before the range (`shippedReverts`). */
  shipped?: ReadonlySet<string>
}

/** Every change of the range with its pull request, its owners and its risk, newest first. */
export const readScope = async (
  commits: readonly Commit[],
  github: GitHub | null,
  rules: Config['risk']['rules'],
  { owners, touched = () => [], only, shipped }: View = {},
): Promise<Scope> => {
  const seen = touching(touched)
  const asked = ({ change }: Item) => only === undefined || change.components.some((name) => only.has(name))
  const pulls = github
    ? await github.pulls(pullsAsked(commits, { touched, ...(only ? { only } : {}) }))
    : null
  const assess = assessor(rules)
  const all = inventory(commits, pulls, owners, shipped).map(seen)
  const items = all.filter(asked)
  const migrations = new Set<string>()
  let anyRuns = false
  const assessed = items.map((item) => {
    const { level, why, migrations: found, interfaces, runs } = assess(item)
    if (!item.change.reverted) {
      for (const path of found) migrations.add(path)
      anyRuns ||= runs
    }
    return { change: { ...item.change, level, levelWhy: why }, paths: item.paths, interfaces }
  })
  return {
    changes: assessed.map(({ change }) => change),
    migrations: [...migrations].sort(),
    items: assessed,
    runs: anyRuns,
    outside: only ? all.filter(({ change }) => change.components.length === 0).length : 0,
  }
}

/** The pull requests of a range that GitHub is asked for: those of the changes that are asked for. */
export const pullsAsked = (
  commits: readonly Commit[],
  { touched = () => [], only }: Pick<View, 'touched' | 'only'>,
): number[] => {
  if (!only) return pullNumbers(commits)
  const items = inventory(commits, null).map(touching(touched))
  const asked = items.filter(({ change }) => change.components.some((name) => only.has(name)))
  return [...new Set(asked.flatMap(({ change }) => change.pull ?? []))]
}

const touching =
  (touched: NonNullable<View['touched']>) =>
  (item: Item): Item => {
    const components = touched({ paths: item.paths, area: item.change.area })
    return { ...item, change: { ...item.change, components } }
  }
