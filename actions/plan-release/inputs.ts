import { channels } from '@relman/core/config/channels'
import { releaseTypes } from '@relman/core/plan/plan'
import { choice, commonInputs, flag, integer, percent, text } from '@relman/core/runtime/inputs'
import { severities } from '@relman/core/schedule/severity'
import { z } from 'zod'

export const inputs = z.object({
  ...commonInputs,
  operation: choice(['plan', 'cut'], 'plan'),
  config: text('.github/relman.yml'),
  'policy-ref': text(),
  ref: text(),
  from: text(),
  type: choice(['', ...releaseTypes], ''),
  channel: choice(['', 'final', ...channels], ''),
  component: text(),
  version: text(),
  freeze: flag(false),
  milestone: text(),
  'artifact-digest': text(),
  'ship-by': text(),
  'preferred-dates': text(),
  severity: choice(['', ...severities], ''),
  affected: percent,
  workaround: flag(false),
  'not-before': text(),
  reason: text(),
  disclosure: text(),
  'repository-path': text('.'),
  record: flag(true),
  pull: integer(null),
  departure: flag(false),
  train: text(),
  'train-token': text(),
  patience: integer(20),
  calendar: flag(false),
})

export type Inputs = z.output<typeof inputs>
