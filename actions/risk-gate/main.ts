import { systemClock as clock } from '@relman/core/adapters/clock/system-clock'
import { openGitHub } from '@relman/core/adapters/github/open-github'
import { openRecordStore } from '@relman/core/adapters/github/open-record-store'
import { runAction } from '@relman/core/runtime/run-action'
import { inputs } from './inputs.ts'
import { riskGate } from './risk-gate.ts'

export const run = (): Promise<void> =>
  runAction('risk-gate', inputs, (input, context, signal) => {
    const options = { context, token: input['github-token'], dryRun: input['dry-run'], clock, signal }
    return riskGate(
      input,
      context,
      { github: openGitHub(options), store: openRecordStore(options), clock },
      signal,
    )
  })
