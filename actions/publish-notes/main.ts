import { systemClock as clock } from '@relman/core/adapters/clock/system-clock'
import { writeJobFile } from '@relman/core/adapters/files/write-job-file'
import { openGitHub } from '@relman/core/adapters/github/open-github'
import { openRecordStore } from '@relman/core/adapters/github/open-record-store'
import { runAction } from '@relman/core/runtime/run-action'
import { inputs } from './inputs.ts'
import { publishNotes } from './publish-notes.ts'

export const run = (): Promise<void> =>
  runAction('publish-notes', inputs, (input, context, signal) => {
    const dryRun = input['dry-run']
    const options = { context, token: input['github-token'], dryRun, clock, signal }
    return publishNotes(input, context, {
      github: openGitHub(options),
      store: openRecordStore(options),
      clock,
      dryRun,
      write: writeJobFile,
    })
  })
