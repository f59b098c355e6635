import type { Config } from '../config/config.ts'
import type { SqlParser } from '../migration/classify-migration.ts'
import type { Busy } from '../schedule/busy.ts'
import type { Span } from '../schedule/moment.ts'
import type { Observation } from '../verdict/observation.ts'
import type { Artifacts } from './artifacts.ts'
import type { Clock } from './clock.ts'
import type { Git } from './git.ts'
import type { GitHub } from './github.ts'
import type { RecordStore } from './record-store.ts'

/** A day of observations, or in one sentence why none were read. */
export type DayOfTraffic = { observations: Observation[]; missing: string | null }

/** What planning needs. Without a token GitHub and the record are null, and planning goes on from git alone. */
export type Planning = {
  git: Git
  github: GitHub | null
  /** null without a token or with `record: false`. */
  store: RecordStore | null
  dryRun: boolean
  clock: Clock
  sha256: (text: string) => string
  /** Writes a file beside the job's other files and gives its path. */
  write: (name: string, text: string) => Promise<string>
  /** What keeps releases out over a span. `file` reads files of the branch that policy comes from. */
  calendars: (
    policy: Config['schedule'],
    span: Span,
    file: (path: string) => Promise<string | null>,
  ) => Promise<Busy[]>
  /** What the stable version did in the last day; never fails. `now` in Unix milliseconds. */
  traffic: (
    policy: Pick<Config, 'metrics'>,
    versions: { version: string; previous: string | null },
    now: number,
  ) => Promise<DayOfTraffic>
  /** Where the artifacts of the configuration lie. `file` reads files of the branch that policy comes from. */
  artifacts: (
    policy: Pick<Config, 'artifact' | 'artifacts'>,
    file: (path: string) => Promise<string | null>,
  ) => Promise<Artifacts>
  /** PostgreSQL's own parser; null where its bundle is missing. */
  sqlParser: () => Promise<SqlParser | null>
}
