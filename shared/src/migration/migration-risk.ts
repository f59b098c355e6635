import type { RiskLevel } from '../config/risk-levels.ts'
import { cut } from '../text/visible.ts'
import { classifyMigration, type Migration, type SqlParser } from './classify-migration.ts'
import { wayOf } from './migration-file.ts'
import { type Flag, flagWords, reviewFiles } from './migration-flags.ts'
import { type MigrationClass, worst } from './operation.ts'

/** A migration file of the release. `sql`: its text after the release, null when it was deleted or could not be read. */
export type MigrationFile = { path: string; sql: string | null; status: 'added' | 'modified' | 'deleted' }

export type MigrationContext = {
  /** Paths of the migrations that were there before the release. */
  before: readonly string[]
  /** Whether the release also changes what is not a migration. */
  code: boolean
  parser?: SqlParser
}

export type MigrationRisk = {
  class: MigrationClass | null
  level: RiskLevel
  /** The new files, which run forward. */
  migrations: Migration[]
  flags: Flag[]
  /** Why these migrations may not ship as they are; empty: they may. */
  blocked: string[]
  /** Row B4: whether the previous version still runs on the new schema, so that going back needs no change of data. */
  previousVersionRuns: boolean
  /** For the plan: one sentence for each file and each flag, the worst first. */
  words: string[]
}

/**
 * Rows P15, G15, faults 91–94: the migrations of a release together. Contracts beside the code that needs them are blocked
 * (the version to return to must run on the new schema); renames that are spread over files are seen; edited, late and
 * irreversible ones are flagged.
 *
 * Level: UNKNOWN, CONTRACT, IRREVERSIBLE, a lock that blocks users or a high flag: high; else medium; low when nothing lasts.
 */
export const migrationRisk = (files: readonly MigrationFile[], context: MigrationContext): MigrationRisk => {
  // One that was there before does not run again where it ran: it is flagged, and decides nothing else.
  const forward = files.filter(({ path, status }) => status === 'added' && wayOf(path) === 'up')
  const options = context.parser ? { parser: context.parser } : {}
  const migrations = forward.map(({ path, sql }) => classifyMigration(path, sql, options))
  const flags = reviewFiles(files, migrations, context.before)
  const kind = worst(migrations.map((each) => each.class))
  const high =
    breaks(kind) ||
    flags.some(({ level }) => level === 'high') ||
    migrations.some(({ findings }) => findings.some(({ locks }) => locks !== null))
  return {
    class: kind,
    level: high ? 'high' : kind === null && flags.length === 0 ? 'low' : 'medium',
    migrations,
    flags,
    blocked: context.code ? migrations.flatMap(contracts) : [],
    previousVersionRuns: !breaks(kind),
    words: [...migrations]
      .sort((a, b) => order(b.class) - order(a.class))
      .map(migrationWords)
      .concat(flagWords(flags)),
  }
}

const breaks = (kind: MigrationClass | null): boolean =>
  kind === 'CONTRACT' || kind === 'IRREVERSIBLE' || kind === 'UNKNOWN'

const order = (kind: MigrationClass | null): number =>
  [null, 'EXPAND', 'MIGRATE', 'CONTRACT', 'IRREVERSIBLE', 'UNKNOWN'].indexOf(kind)

/** The N − 1 rule: what the previous version uses may go only in a release after the one that stops using it. */
const contracts = ({ path, findings }: Migration): string[] => {
  // What has no way back takes nothing away from the previous version by that alone.
  const found = findings.filter(
    (each) => (each.class === 'CONTRACT' || each.class === 'IRREVERSIBLE') && each.name !== 'one-way',
  )
  if (found.length === 0) return []
  const what = [...new Set(found.map(({ words, what }) => (what ? `${words} (${what})` : words)))]
  return [
    `${cut(path, 200)} ${what.slice(0, 3).join(', ')}${what.length > 3 ? ', …' : ''}: ship it in a later release than the code that stops using it, so that the previous version still runs`,
  ]
}

/** One sentence about a file: its class, what it does, whom it blocks. */
export const migrationWords = ({ path, class: kind, findings }: Migration): string => {
  const deciding = findings.filter((each) => each.class === kind && kind !== null)
  const said = [
    ...new Set(deciding.map(({ words, what, line }) => `${words}${what ? ` (${what})` : ''}, line ${line}`)),
  ]
  const locks = [...new Set(findings.flatMap(({ locks }) => locks ?? []))]
  const more = said.length > 3 ? `; and ${said.length - 3} more` : ''
  const held = locks.length > 0 ? `; ${locks.join('; ')}` : ''
  return `${cut(path, 200)}: ${kind ?? 'nothing that lasts'}${said.length > 0 ? `: ${said.slice(0, 3).join('; ')}${more}` : ''}${held}`
}
