import { z } from 'zod'
import { canRead } from '../text/glob.ts'
import { placeholdersIn } from '../text/placeholder.ts'
import { pathGlob } from './path-glob.ts'

/** Migrations that a rollback reverses by a script, and where the test of each lies (row P15). */
export const reversedMigrations = z
  .array(
    z.strictObject({
      paths: z.array(pathGlob).min(1).max(50).describe('Which migrations: globs of their files'),
      test: z
        .string()
        .min(1)
        .max(256)
        .refine((text) => canRead(text), 'its braces stand for too many alternatives')
        .refine(
          (text) =>
            placeholdersIn(text).includes('name') && placeholdersIn(text).every((name) => name === 'name'),
          'write {{name}} where the name of the migration stands, for example test/migrations/{{name}}.*',
        )
        .describe('Glob of the test of one migration; {{name}} is its file name without up and extension'),
      check: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe('The check that runs these tests; it must be green on the commit'),
    }),
  )
  .max(20)
  .default([])

export type ReversedMigrations = z.output<typeof reversedMigrations>
