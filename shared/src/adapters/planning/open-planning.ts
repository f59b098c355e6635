import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Planning } from '../../ports/planning.ts'
import type { RunContext } from '../../runtime/run-context.ts'
import { openArtifactSource } from '../artifact/open-artifact-source.ts'
import { systemClock as clock } from '../clock/system-clock.ts'
import { writeJobFile } from '../files/write-job-file.ts'
import { openGit } from '../git/open-git.ts'
import type { openGitHub } from '../github/open-github.ts'
import { sha256 } from '../hash/sha256.ts'

type Wish = { 'github-token': string; 'dry-run': boolean; 'repository-path': string; record: boolean }

export const openPlanning = async (
  wish: Wish,
  context: RunContext,
  signal: AbortSignal,
): Promise<Planning> => {
  const git = await openGit(resolve(context.workspace, wish['repository-path']))
  const dryRun = wish['dry-run']
  const token = wish['github-token']
  const options = { context, token, dryRun, clock, signal }
  const { github, store } = token === '' ? { github: null, store: null } : await online(options, wish.record)
  return {
    git,
    github,
    store,
    dryRun,
    clock,
    sha256,
    write: writeJobFile,
    calendars: async (policy, span, file) => {
      if (policy.calendars.length === 0) {
        const { configuredFreezes } = await import('../../schedule/busy.ts')
        return configuredFreezes(policy)
      }
      const { readCalendars } = await import('../calendar/read-calendars.ts')
      return readCalendars(policy, span, file, signal)
    },
    traffic: async (policy, versions, now) => {
      if (!policy.metrics?.checks.some(({ kind }) => kind === 'ratio'))
        return { observations: [], missing: null }
      const { readTraffic } = await import('./read-traffic.ts')
      return readTraffic(policy, versions, now, signal)
    },
    artifacts: openArtifactSource({ context, token, github, signal }),
    sqlParser: async () => {
      const { openPostgresql } = await import('../sql/open-postgresql.ts')
      // A bundle of its own, beside that of the action.
      const bundle = resolve(dirname(process.argv[1] ?? ''), '../sql/index.cjs')
      return openPostgresql(pathToFileURL(bundle).href)
    },
  }
}

/** GitHub, and the record where it is wanted; loaded only where there is a token. */
const online = async (options: Parameters<typeof openGitHub>[0], record: boolean) => {
  const { openGitHub } = await import('../github/open-github.ts')
  const { openRecordStore } = await import('../github/open-record-store.ts')
  return { github: openGitHub(options), store: record ? openRecordStore(options) : null }
}
