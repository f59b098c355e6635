import { systemClock as clock } from '@relman/core/adapters/clock/system-clock'
import { openGitHub } from '@relman/core/adapters/github/open-github'
import { openRecordStore } from '@relman/core/adapters/github/open-record-store'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { RunContext } from '@relman/core/runtime/run-context'
import type { Inputs } from './inputs.ts'
import type { Ports } from './ports.ts'

/** Opens GitHub and the record; in a dry run neither can write. */
export const openPorts = async (input: Inputs, context: RunContext, signal: AbortSignal): Promise<Ports> => {
  const token = input['github-token']
  if (token === '')
    throw new ConfigurationError('input "github-token": is required; pass the token of the job, github.token')
  const dryRun = input['dry-run']
  const options = { context, token, dryRun, clock, signal }
  return { github: openGitHub(options), store: openRecordStore(options), clock, dryRun }
}
