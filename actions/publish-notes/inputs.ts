import { choice, commonInputs, flag, integer, text } from '@relman/core/runtime/inputs'
import { z } from 'zod'

export const inputs = z.object({
  ...commonInputs,
  operation: choice(['record', 'notes', 'changes', 'promotion', 'review'], 'notes'),
  digest: text(),
  deployment: integer(null),
  environment: text(),
  token: integer(null),
  evidence: text(),
  'walk-result': choice(['', 'success', 'failure', 'cancelled', 'skipped'], ''),
  'undo-result': choice(['', 'success', 'failure', 'cancelled', 'skipped'], ''),
  reason: text(),
  disclosure: text(),
  version: text(),
  service: text(),
  early: flag(false),
})

export type Inputs = z.output<typeof inputs>
