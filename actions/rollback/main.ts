import { openExposure } from '@relman/core/adapters/exposure/open-exposure'
import { runAction } from '@relman/core/runtime/run-action'
import { inputs } from './inputs.ts'
import { rollback } from './rollback.ts'

/** The entry of rollback. */
export const run = () =>
  runAction('rollback', inputs, (input, context, signal) =>
    rollback(input, openExposure(input, context), signal),
  )
