import { openPlanning } from '@relman/core/adapters/planning/open-planning'
import { runAction } from '@relman/core/runtime/run-action'
import { inputs } from './inputs.ts'
import { planRelease } from './plan-release.ts'

export const run = (): Promise<void> =>
  runAction('plan-release', inputs, async (input, context, signal) =>
    planRelease(input, context, await openPlanning(input, context, signal)),
  )
