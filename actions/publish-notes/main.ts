import { runAction } from '@relman/core/runtime/run-action'
import { inputs } from './inputs.ts'
import { openPorts } from './open-ports.ts'
import { publishNotes } from './publish-notes.ts'

export const run = (): Promise<void> =>
  runAction('publish-notes', inputs, async (input, context, signal) =>
    publishNotes(input, context, await openPorts(input, context, signal)),
  )
