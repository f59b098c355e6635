import { openPlanning } from '@relman/core/adapters/planning/open-planning'
import { runAction } from '@relman/core/runtime/run-action'
import { askedPull } from './asked-pull.ts'
import { inputs } from './inputs.ts'

/** Of its verbs only the one that is asked for is loaded: reading the code of all takes a good part of a plan's time. */
export const run = (): Promise<void> =>
  runAction('plan-release', inputs, async (input, context, signal) => {
    if (input.train !== '') {
      const { driveTrain } = await import('./drive-train.ts')
      const { openTrain } = await import('@relman/core/adapters/train/open-train')
      return driveTrain(input, context, openTrain(input, context, signal), signal)
    }
    if (input.calendar) {
      const { driveCalendar } = await import('./drive-calendar.ts')
      const { openCalendar } = await import('@relman/core/adapters/planning/open-calendar')
      return driveCalendar(input, context, openCalendar(input, context, signal))
    }
    const ports = await openPlanning(input, context, signal)
    if (input.operation === 'cut') {
      const { cutBranches } = await import('./cut-branches.ts')
      return cutBranches(input, context, ports)
    }
    const pull = askedPull(input, context)
    if (pull !== null) {
      const { reviewPull } = await import('./review-pull.ts')
      return reviewPull(pull, input, context, ports)
    }
    const { planRelease } = await import('./plan-release.ts')
    return planRelease(input, context, ports)
  })
