import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Config } from '../../config/config.ts'
import type { SqlParser } from '../../migration/classify-migration.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Git } from '../../ports/git.ts'
import type { GitHub } from '../../ports/github.ts'
import type { RecordStore } from '../../ports/record-store.ts'
import type { RunContext } from '../../runtime/run-context.ts'
import type { Busy } from '../../schedule/busy.ts'
import type { Span } from '../../schedule/moment.ts'
import { systemClock as clock } from '../clock/system-clock.ts'
import { writeJobFile } from '../files/write-job-file.ts'
import { openGit } from '../git/open-git.ts'
import { openGitHub } from '../github/open-github.ts'
import { openRecordStore } from '../github/open-record-store.ts'
import { sha256 } from '../hash/sha256.ts'
import type { DayOfTraffic } from './read-traffic.ts'

type Wish = { 'github-token': string; 'dry-run': boolean; 'repository-path': string; record: boolean }

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
  /** PostgreSQL's own parser; null where its bundle is missing. */
  sqlParser: () => Promise<SqlParser | null>
}

export const openPlanning = async (
  wish: Wish,
  context: RunContext,
  signal: AbortSignal,
): Promise<Planning> => {
  const git = await openGit(resolve(context.workspace, wish['repository-path']))
  const dryRun = wish['dry-run']
  const token = wish['github-token']
  const options = { context, token, dryRun, clock, signal }
  const github = token === '' ? null : openGitHub(options)
  const store = token === '' || !wish.record ? null : openRecordStore(options)
  return {
    git,
    github,
    store,
    dryRun,
    clock,
    sha256,
    write: writeJobFile,
    calendars: async (policy, span, file) => {
      const { readCalendars } = await import('../calendar/read-calendars.ts')
      return readCalendars(policy, span, file, signal)
    },
    traffic: async (policy, versions, now) => {
      if (!policy.metrics?.checks.some(({ kind }) => kind === 'ratio'))
        return { observations: [], missing: null }
      const { readTraffic } = await import('./read-traffic.ts')
      return readTraffic(policy, versions, now, signal)
    },
    sqlParser: async () => {
      const { openPostgresql } = await import('../sql/open-postgresql.ts')
      // A bundle of its own, beside that of the action.
      const bundle = resolve(dirname(process.argv[1] ?? ''), '../sql/index.cjs')
      return openPostgresql(pathToFileURL(bundle).href)
    },
  }
}
