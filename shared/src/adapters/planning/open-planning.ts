import { resolve } from 'node:path'
import type { Clock } from '../../ports/clock.ts'
import type { Git } from '../../ports/git.ts'
import type { GitHub } from '../../ports/github.ts'
import type { RecordStore } from '../../ports/record-store.ts'
import type { RunContext } from '../../runtime/run-context.ts'
import { systemClock as clock } from '../clock/system-clock.ts'
import { writeJobFile } from '../files/write-job-file.ts'
import { openGit } from '../git/open-git.ts'
import { openGitHub } from '../github/open-github.ts'
import { openRecordStore } from '../github/open-record-store.ts'
import { sha256 } from '../hash/sha256.ts'

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
  return { git, github, store, dryRun, clock, sha256, write: writeJobFile }
}
