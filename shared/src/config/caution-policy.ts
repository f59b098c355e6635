import { z } from 'zod'

const answered = z
  .strictObject({
    release: z.string().min(1).max(100).describe('The version of the past release whose lesson is answered'),
    criterion: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('What sees it now: a name of metrics.checks, or an id of gate.criteria'),
    declined: z
      .string()
      .min(10, 'say in a sentence why nothing needs to see it, at least 10 letters')
      .max(500)
      .optional()
      .describe('Why nothing needs to see it'),
    by: z.string().min(1).max(100).optional().describe('Who declined it'),
  })
  .superRefine(({ criterion, declined, by }, context) => {
    if ((criterion === undefined) === (declined === undefined))
      context.addIssue({
        code: 'custom',
        message: 'name a criterion, or say why it is declined: one of the two',
      })
    if (declined !== undefined && by === undefined)
      context.addIssue({ code: 'custom', path: ['by'], message: 'say who declined it' })
  })

/** What is answered of the lessons of past releases (row L6). */
export const cautionPolicy = z.strictObject({
  answered: z
    .array(answered)
    .max(200)
    .default([])
    .describe('A lesson that nothing measured holds the next release until it is answered here'),
})

export type CautionPolicy = z.output<typeof cautionPolicy>
