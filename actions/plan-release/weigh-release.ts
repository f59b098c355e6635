import type { Config } from '@relman/core/config/config'
import type { RiskLevel } from '@relman/core/config/risk-levels'
import { wayOf } from '@relman/core/migration/migration-file'
import { releaseLevel } from '@relman/core/plan/assess-release'
import type { Plan } from '@relman/core/plan/plan'
import { planScore } from '@relman/core/plan/plan-score'
import { planSplit } from '@relman/core/plan/plan-split'
import type { FileSize } from '@relman/core/ports/git'
import type { Planning } from '@relman/core/ports/planning'
import { withEdited, withLines } from '@relman/core/risk/assess-change'
import { measureChange } from '@relman/core/risk/measure-change'
import { isMigration } from '@relman/core/risk/migration-paths'
import { withinBudget } from '@relman/core/risk/size-budget'
import type { Change } from '@relman/core/scope/change'
import type { Scope } from './read-scope.ts'

/** More migrations than any release ships. */
const mostMigrations = 200
const atOnce = 8

export type Weighed = Pick<Plan, 'changes' | 'split' | 'migrationRisk' | 'score'> & {
  level: RiskLevel
  gaps: string[]
}

type Ask = {
  ports: Pick<Planning, 'git' | 'sqlParser'>
  scope: Scope
  sha: string
  previous: Plan['previous']
  version: string
  risk: Config['risk']
  reversed: Config['rollback']['reversed']
  /** Commits that ship and are not in the scope. */
  hidden: number
}

/** How risky the release is as a whole: its migrations, whether it belongs together, where to look first. */
export const weighRelease = async (ask: Ask): Promise<Weighed> => {
  const { scope, ports, risk, version } = ask
  const { migrationRisk, edited } = await weighMigrations(ask)
  // Against its first parent such a merge would be all that it brought once more.
  const sized = scope.items.filter(({ change }) => change.inside?.apart !== true)
  const asked = withinBudget(sized)
  const sizes = await ports.git.sizes(asked)
  const items = scope.items.map(({ change, paths, interfaces }) => {
    const files = sizes?.get(change.sha) ?? null
    return {
      change: withLines(withEdited({ ...change, lines: linesOf(files) }, paths, edited), interfaces, files),
      paths,
      files,
      component: change.components[0] ?? null,
    }
  })
  const score = planScore(
    items.map(({ change, paths, files }) => ({ change, features: measureChange(change, paths, files) })),
  )
  const changes = items.map(({ change }) => change)
  return {
    changes,
    migrationRisk,
    // A first release has nothing to ship before it.
    split: ask.previous === null ? null : planSplit(items, risk, version),
    score,
    level: releaseLevel(changes, migrationRisk, ask.hidden),
    gaps: unread(sized.length, sizes === null ? null : sizes.size),
  }
}

const unread = (all: number, read: number | null): string[] => {
  if (all === (read ?? 0)) return []
  const which =
    read === null
      ? 'the changes were not read (the clone has no file contents)'
      : `${all - read} of ${all} changes were not read (they touch too many files, or took too long)`
  return [`the lines of ${which}: the change score knows their files only`]
}

const linesOf = (files: readonly FileSize[] | null): Change['lines'] =>
  files && {
    added: files.reduce((sum, { added }) => sum + added, 0),
    deleted: files.reduce((sum, { deleted }) => sum + deleted, 0),
  }

/** Reads the migration files of the release as they are after it, beside those that were there before. */
const weighMigrations = async ({
  ports,
  scope,
  sha,
  previous,
  version,
  risk,
  reversed,
}: Ask): Promise<{ migrationRisk: Plan['migrationRisk']; edited: ReadonlySet<string> }> => {
  const { git } = ports
  const paths = scope.migrations.filter(isMigration)
  if (paths.length === 0) return { migrationRisk: null, edited: new Set() }
  const { planMigrations } = await import('@relman/core/plan/plan-migrations')
  const { reversalTests } = await import('@relman/core/migration/reversal-tests')
  const before = previous ? (await git.paths(previous.sha)).filter(isMigration) : []
  const known = new Set(before)
  const present = new Set(await git.paths(sha))
  const files: Array<Parameters<typeof planMigrations>[0][number]> = paths.map((path) => ({
    path,
    sql: null,
    status: !present.has(path) ? 'deleted' : known.has(path) ? 'modified' : 'added',
  }))
  // Only what is new runs, and only forward, so only that is read.
  const fresh = files
    .filter(({ status, path }) => status === 'added' && wayOf(path) === 'up')
    .slice(0, mostMigrations)
  for (let at = 0; at < fresh.length; at += atOnce) {
    const some = fresh.slice(at, at + atOnce)
    await Promise.all(
      some.map(async (file) => {
        file.sql = await git.file(sha, file.path).catch(() => null)
      }),
    )
  }
  // What came and went within the release never ran anywhere.
  const lasting = files.filter(({ path, status }) => status !== 'deleted' || known.has(path))
  const parser = fresh.some(({ path }) => path.endsWith('.sql')) ? await ports.sqlParser() : null
  const context = { before, code: scope.runs, ...(parser ? { parser } : {}) }
  const added = lasting.filter(({ status }) => status === 'added').map(({ path }) => path)
  const reversals = reversalTests(added, reversed, [...present])
  return {
    migrationRisk: planMigrations(lasting, context, risk, version, reversals),
    edited: new Set(lasting.filter(({ status }) => status !== 'added').map(({ path }) => path)),
  }
}
