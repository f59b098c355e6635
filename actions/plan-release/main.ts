import { runAction } from '@relman/core/runtime/run-action'
import { inputs } from './inputs.ts'
import { openPorts } from './open-ports.ts'
import { planRelease } from './plan-release.ts'

export const run = (): Promise<void> =>
  runAction('plan-release', inputs, async (input, context, signal) =>
    planRelease(input, context, await openPorts(input, context, signal)),
  )
