import { z } from 'zod'
import { pathGlob } from './path-glob.ts'
import { riskLevels } from './risk-levels.ts'

const riskRule = z.strictObject({
  level: z.enum(riskLevels),
  why: z.string().min(1).describe('The reason in business terms'),
  paths: z.array(pathGlob).max(100).default([]),
  labels: z.array(z.string().max(100)).max(100).default([]),
  keywords: z.array(z.string().max(100)).max(100).default([]),
})

/** How risk is judged, how much of it one release may hold, and what ships against a rule all the same. */
export const riskPolicy = z.strictObject({
  rules: z.array(riskRule).max(100).default([]),
  tolerance: z
    .strictObject({
      changes: z
        .strictObject({
          low: z.number().int().positive().default(400),
          medium: z.number().int().positive().default(200),
          high: z.number().int().positive().default(100),
        })
        .prefault({})
        .describe('Changes that are more than housekeeping, by the level of the release'),
      'high-groups': z
        .number()
        .int()
        .positive()
        .default(5)
        .describe('Unrelated groups of changes that are of high risk each'),
      majors: z.number().int().positive().default(1).describe('Unrelated groups with a breaking change'),
    })
    .prefault({})
    .describe(
      'How much one release may hold; above it a split is proposed, and it is no-go until split or excepted',
    ),
  exceptions: z
    .array(
      z.strictObject({
        version: z.string().min(1).describe('The one version it holds for'),
        from: z.enum(['split', 'migration', 'freeze', 'artifact']),
        reason: z.string().min(10, 'say in a sentence why, at least 10 letters').max(500),
        by: z.string().min(1).max(100).describe('Who decided it'),
      }),
    )
    .max(100)
    .default([])
    .describe('What may ship against a rule, each for one version and with its reason'),
})
