import { openArtifactSource } from '@relman/core/adapters/artifact/open-artifact-source'
import { systemClock as clock } from '@relman/core/adapters/clock/system-clock'
import { openGitHub } from '@relman/core/adapters/github/open-github'
import { openRecordStore } from '@relman/core/adapters/github/open-record-store'
import { runAction } from '@relman/core/runtime/run-action'
import { inputs } from './inputs.ts'
import { riskGate } from './risk-gate.ts'

export const run = (): Promise<void> =>
  runAction('risk-gate', inputs, (input, context, signal) => {
    const options = { context, token: input['github-token'], dryRun: input['dry-run'], clock, signal }
    const github = openGitHub(options)
    const artifacts = openArtifactSource({ context, token: options.token, github, signal })
    return riskGate(input, context, { github, store: openRecordStore(options), clock, artifacts }, signal)
  })
