import { z } from 'zod'

const label = z.string().min(1).max(50)

const deferred = z.strictObject({
  issue: z.number().int().positive(),
  version: z.string().min(1).max(100).describe('The one version that it is left out of'),
  reason: z.string().min(10, 'say in a sentence why, at least 10 letters').max(500),
  by: z.string().min(1).max(100).describe('Who decided it'),
})

/** What a release shall hold: the issues of its milestone (row P22). An empty map is valid. */
export const featuresPolicy = z.strictObject({
  milestone: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'Title of the milestone, {version} and {tag} filled in; the one that is named like the version, its tag, or v and the version when absent',
    ),
  criteria: z
    .enum(['optional', 'required'])
    .default('optional')
    .describe('Whether a feature without acceptance criteria is incomplete'),
  heading: z
    .string()
    .min(1)
    .max(100)
    .default('Acceptance criteria')
    .describe('The heading in an issue below which its acceptance criteria stand'),
  defer: label.default('deferred').describe('The label that takes a feature out of the release'),
  deferred: z.array(deferred).max(200).default([]).describe('The same by the policy, with its reason'),
  bugs: z
    .array(label)
    .max(20)
    .default(['bug', 'regression'])
    .describe('Labels of what is a bug and no feature'),
  priorities: z
    .array(z.union([label, z.array(label).min(1).max(20)]))
    .min(1)
    .max(20)
    .default([
      ['critical', 'p0'],
      ['high', 'p1'],
      ['medium', 'p2'],
      ['low', 'p3'],
    ])
    .describe('Labels of priorities, the highest first; "priority: high" is "high", too'),
})

export type FeaturesPolicy = z.output<typeof featuresPolicy>
