import { z } from 'zod'
import { riskLevels } from '../config/risk-levels.ts'
import { exception } from './exception.ts'

/** Row P6 in a plan: why its changes do not belong in one release, and the releases to make of it. */
export const plannedSplit = z.object({
  reasons: z.array(z.object({ code: z.enum(['unrelated', 'several-majors', 'too-many']), text: z.string() })),
  releases: z.array(
    z.object({
      changes: z.array(z.string()).describe('The first 12 letters of each sha'),
      level: z.enum(riskLevels),
      breaking: z.boolean(),
      about: z.string(),
    }),
  ),
  exception: exception.describe('null: no-go until it is split or excepted (risk.exceptions)'),
})

export type PlannedSplit = z.output<typeof plannedSplit>
