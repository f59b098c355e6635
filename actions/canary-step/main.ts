import { openExposure } from '@relman/core/adapters/exposure/open-exposure'
import { runAction } from '@relman/core/runtime/run-action'
import { canaryStep } from './canary-step.ts'
import { inputs } from './inputs.ts'
import { promote } from './promote.ts'

/** The entry of canary-step. */
export const run = () =>
  runAction('canary-step', inputs, (input, context, signal) => {
    const ports = openExposure(input, context)
    return input.operation === 'walk'
      ? canaryStep(input, ports, signal)
      : promote(input, { ...ports, self: context.run }, signal)
  })
