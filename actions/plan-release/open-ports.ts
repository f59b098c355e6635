import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { systemClock as clock } from '@relman/core/adapters/clock/system-clock'
import { openGit } from '@relman/core/adapters/git/open-git'
import { sha256 } from '@relman/core/adapters/hash/sha256'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { RunContext } from '@relman/core/runtime/run-context'
import type { Inputs } from './inputs.ts'
import type { Ports } from './plan-release.ts'

/** Opens what planning needs. GitHub is loaded only with a token; a dry run has no record to write to. */
export const openPorts = async (input: Inputs, context: RunContext, signal: AbortSignal): Promise<Ports> => {
  const git = await openGit(resolve(context.workspace, input['repository-path']))
  const token = input['github-token']
  const dryRun = input['dry-run']
  const local: Ports = { git, github: null, store: null, dryRun, clock, sha256, write }
  if (token === '') return local
  const options = { context, token, dryRun, clock, signal }
  const { openGitHub } = await import('@relman/core/adapters/github/open-github')
  if (!input.record) return { ...local, github: openGitHub(options) }
  const { openRecordStore } = await import('@relman/core/adapters/github/open-record-store')
  return { ...local, github: openGitHub(options), store: openRecordStore(options) }
}

const write = async (name: string, text: string): Promise<string> => {
  const path = join(process.env['RUNNER_TEMP'] || tmpdir(), name)
  await writeFile(path, text).catch((error: NodeJS.ErrnoException) => {
    throw new ConfigurationError(
      `${path} could not be written (${error.code ?? error.message}): RUNNER_TEMP must name a folder that can be written`,
    )
  })
  return path
}
