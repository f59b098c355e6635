import { duration } from '@relman/core/config/units'
import { choice, commonInputs, needed, text } from '@relman/core/runtime/inputs'
import { z } from 'zod'

export const stages = ['scope', 'signoff', 'production', 'exposure', 'promotion'] as const
export type Stage = (typeof stages)[number]

export const inputs = z.object({
  ...commonInputs,
  stage: needed.pipe(choice(stages, 'scope')),
  digest: text().refine(
    (value) => value === '' || /^[0-9a-f]{64}$/.test(value),
    'write the digest that plan-release gave, 64 hexadecimal digits',
  ),
  version: text(),
  service: text(),
  environment: text(),
  role: text(),
  deadline: text('0s').transform((value, context) => {
    const parsed = duration.safeParse(value)
    if (!parsed.success) context.addIssue('write a duration like 30s, 10m or 2h')
    return parsed.data ?? 0
  }),
})

export type Inputs = z.output<typeof inputs>
