import { openPlanning } from '@relman/core/adapters/planning/open-planning'
import { openTrain } from '@relman/core/adapters/train/open-train'
import { runAction } from '@relman/core/runtime/run-action'
import { askedPull } from './asked-pull.ts'
import { cutBranches } from './cut-branches.ts'
import { driveTrain } from './drive-train.ts'
import { inputs } from './inputs.ts'
import { planRelease } from './plan-release.ts'
import { reviewPull } from './review-pull.ts'

export const run = (): Promise<void> =>
  runAction('plan-release', inputs, async (input, context, signal) => {
    if (input.train !== '') return driveTrain(input, context, openTrain(input, context, signal), signal)
    const ports = await openPlanning(input, context, signal)
    if (input.operation === 'cut') return cutBranches(input, context, ports)
    const pull = askedPull(input, context)
    return pull === null ? planRelease(input, context, ports) : reviewPull(pull, input, context, ports)
  })
