import { z } from 'zod'
import { pathGlob } from './path-glob.ts'
import { promotionConfirm } from './promotion-confirm.ts'
import { readWanted } from './wanted.ts'

const objective = z
  .strictObject({
    text: z.string().min(1).max(300),
    metric: z
      .string()
      .max(200)
      .optional()
      .describe('A name of metrics.checks, or of a figure that the review looks up'),
    want: z
      .string()
      .max(60)
      .refine(
        (text) => readWanted(text) !== null,
        'write what the metric is held to afterwards, such as "< 0.5 %", "p95 < 300 ms" or "> 120"',
      )
      .optional()
      .describe('What the metric is held to once the release is live: "< 0.5 %", "p95 < 300 ms", "> 120"'),
  })
  .refine(({ want, metric }) => want === undefined || metric !== undefined, {
    path: ['want'],
    message: 'name the metric that is held to this (metric)',
  })

/** What releases are for just now (row P21), and the way of an artifact to production (rows P24, P25). */
export const purposePolicy = z.strictObject({
  theme: z.string().max(200).optional(),
  objectives: z.array(objective).max(20).default([]),
})

export const promotionPolicy = z.strictObject({
  environments: z
    .array(z.string().min(1).max(100))
    .max(20)
    .default([])
    .describe('In order, production last: alpha, beta, staging, acceptance, production'),
  confirm: z
    .record(z.string().min(1).max(100), promotionConfirm)
    .default({})
    .describe(
      'By environment: how a promotion to it is confirmed; without one the end of your deployment is all that is known',
    ),
  keep: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(3)
    .describe('How many versions before the live one stay deployable'),
})

/** Kinds of change whose paths and way relman knows. */
const knownKinds: readonly string[] = ['configuration', 'infrastructure', 'prototype']

const elsewhere = z
  .strictObject({
    what: z
      .string()
      .min(1)
      .max(100)
      .describe('configuration, infrastructure, prototype, or a word of your own'),
    paths: z
      .array(pathGlob)
      .min(1)
      .max(100)
      .optional()
      .describe('Those that relman knows of configuration, infrastructure and prototype when absent'),
    go: z.string().min(1).max(300).optional().describe('Where such a change goes instead'),
  })
  .superRefine(({ what, paths, go }, context) => {
    if (knownKinds.includes(what)) return
    for (const [name, value] of [['paths', paths] as const, ['go', go] as const])
      if (value === undefined)
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `is required, unless what is one of ${knownKinds.join(', ')}`,
        })
  })

/** Changes that are no release (row L7): only where the protected branch names their paths. */
export const elsewherePolicy = z.array(elsewhere).max(50).default([])

export type ElsewherePolicy = z.output<typeof elsewherePolicy>
