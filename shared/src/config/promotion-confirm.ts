import { z } from 'zod'
import { plainAddress } from './plain-address.ts'
import { command, duration } from './units.ts'

/** How one environment shows that the version which was promoted to it is there and well (row P24). */
export const promotionConfirm = z
  .strictObject({
    url: plainAddress
      .optional()
      .describe(
        'Answers with 200 to 299 once it is well; {{version}}, {{environment}} and {{service}} are filled in',
      ),
    contains: z
      .string()
      .min(1)
      .max(300)
      .optional()
      .describe(
        'What the answer must hold, such as "version":"{{version}}"; else an old version could answer, too',
      ),
    private: z.boolean().default(false).describe('The address may be on a private network'),
    command: command
      .optional()
      .describe(
        'A smoke test of your own, run with the variables of a deployment and RELMAN_OPERATION=smoke',
      ),
    times: z.number().int().min(1).max(100).default(3).describe('How often in a row the address must answer'),
    every: duration.pipe(z.number().positive().max(600)).default(5),
    timeout: duration
      .pipe(z.number().positive().max(3_600))
      .default(300)
      .describe('How long is waited for the address, and how long the command may take'),
  })
  .refine(
    ({ url, command }) => url !== undefined || command !== undefined,
    'name a url or a command, or leave the environment out',
  )
  .refine(({ url, contains }) => contains === undefined || url !== undefined, {
    path: ['contains'],
    message: 'is what the answer of url must hold; name the url',
  })

export type PromotionConfirm = z.output<typeof promotionConfirm>
