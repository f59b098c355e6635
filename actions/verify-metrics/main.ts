import { openExposure } from '@relman/core/adapters/exposure/open-exposure'
import { runAction } from '@relman/core/runtime/run-action'
import { inputs } from './inputs.ts'
import { verifyMetrics } from './verify-metrics.ts'

/** The entry of verify-metrics. */
export const run = () =>
  runAction('verify-metrics', inputs, (input, context, signal) =>
    verifyMetrics(input, openExposure(input, context), signal),
  )
