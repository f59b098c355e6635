import type { Config } from '../config/config.ts'
import { wayOf } from '../migration/migration-file.ts'
import { type MigrationContext, type MigrationFile, migrationRisk } from '../migration/migration-risk.ts'
import type { Reversal } from '../migration/reversal-tests.ts'
import { cut } from '../text/visible.ts'
import { exceptionFor } from './exception.ts'
import type { PlannedMigrations } from './planned-migrations.ts'

const most = 60
const letters = 600

/** What the plan says of the migration files of a release. `sql` of a file is null where it was not read: UNKNOWN. */
export const planMigrations = (
  files: readonly MigrationFile[],
  context: MigrationContext,
  risk: Config['risk'],
  version: string,
  reversals: readonly Reversal[] = [],
): PlannedMigrations | null => {
  if (files.length === 0) return null
  const found = migrationRisk(files, context)
  const few = (texts: readonly string[]): string[] => [
    ...texts.slice(0, most).map((text) => cut(text, letters)),
    ...(texts.length > most ? [`and ${texts.length - most} more`] : []),
  ]
  return {
    class: found.class,
    level: found.level,
    previousVersionRuns: found.previousVersionRuns,
    words: few(found.words),
    blocked: few(found.blocked),
    oneWay: few(found.flags.filter(({ code }) => code === 'no-way-back').map(({ path }) => path)),
    unread: files.filter(
      ({ path, sql, status }) => sql === null && status === 'added' && wayOf(path) === 'up',
    ).length,
    reversed: reversals.slice(0, most).map(({ path, test, wanted, check }) => ({
      path: cut(path, letters),
      test: test === null ? null : cut(test, letters),
      wanted: cut(wanted, letters),
      check,
    })),
    exception: exceptionFor(risk, 'migration', version),
  }
}
