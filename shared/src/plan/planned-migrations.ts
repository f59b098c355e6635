import { z } from 'zod'
import { riskLevels } from '../config/risk-levels.ts'
import { migrationClasses } from '../migration/operation.ts'
import { exception } from './exception.ts'

/** Rows P15, G15, B4 in a plan: what the migrations do to the version that a rollback returns to. */
export const plannedMigrations = z.object({
  class: z.enum(migrationClasses).nullable().describe('The worst of them'),
  level: z.enum(riskLevels),
  previousVersionRuns: z.boolean().describe('Whether the previous version runs on the new schema'),
  words: z.array(z.string()).describe('A sentence for each file and flag, the worst first'),
  blocked: z.array(z.string()).describe('Why they may not ship as they are'),
  oneWay: z.array(z.string()).describe('Without a way back or a declared forward fix'),
  unread: z.number().int().nonnegative().describe('Files that were too many or too large to be read'),
  reversed: z
    .array(
      z.object({
        path: z.string(),
        test: z.string().nullable().describe('Its own test; null: none'),
        wanted: z.string().describe('Where the test is looked for'),
        check: z.string().nullable().describe('The check that runs it'),
      }),
    )
    .default([])
    .describe('What a rollback reverses by a script'),
  exception: exception.describe('null: what is blocked stays blocked'),
})

export type PlannedMigrations = z.output<typeof plannedMigrations>
