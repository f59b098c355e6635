import { z } from 'zod'
import { baselineKinds } from '../baseline/baseline-kind.ts'
import { directions } from './criterion.ts'
import { metricKinds } from './observation.ts'
import { type VerdictReason, verdictReasons } from './verdict-reasons.ts'

/** The three answers; inconclusive means "not known yet", never "probably fine". */
export const verdictValues = ['healthy', 'unhealthy', 'inconclusive'] as const

const reason = z.enum(Object.keys(verdictReasons) as [VerdictReason, ...VerdictReason[]])

/** What one arm showed since the rollout began. */
export const armSchema = z.object({
  total: z.number().describe('requests; of kind value and health: samples'),
  events: z.number().describe('errors, orders, slow requests; of kind health: failing instances now'),
  rate: z.number().nullable().describe('events per request, or the last value; null without requests'),
})

/** One metric's part of a verdict. */
export const metricVerdictSchema = z.object({
  metric: z.string(),
  criterion: z.string().describe('exactly as written'),
  verdict: z.enum(verdictValues),
  reason,
  canary: armSchema,
  stable: armSchema,
  estimate: z.number().nullable().describe('canary minus stable, in the unit of the margin'),
  bounds: z.tuple([z.number(), z.number()]).nullable().describe('always-valid interval of the estimate'),
  margin: z.number().nullable().describe('the margin of this step'),
  kind: z.enum(metricKinds).optional(),
  direction: z.enum(directions).optional().describe('which way is good'),
  unit: z
    .enum(['share', 'relative'])
    .optional()
    .describe('of margin, estimate and bounds: a share of requests, or of the baseline’s own figure'),
  promised: z.number().nullable().optional().describe('the margin of the last step, which is the criterion'),
  ceiling: z.number().optional().describe('absolute limit, where there is one'),
  required: z.boolean().optional().describe('whether a step needs it proven'),
  edge: z
    .number()
    .optional()
    .describe('latency: the edge in seconds beyond which requests are counted as slow'),
  evidenceAgainst: z.number().describe('e-value against the release, capped'),
  evidenceFor: z.number().describe('e-value for the margin of the step, capped'),
  words: z.string().describe('the evidence in words, "1,000 to 1 against"'),
  detail: z.string().optional().describe('one sentence on what is wrong with the data'),
  instance: z.string().optional().describe('the instance to replace, or left out of the baseline'),
  since: z.number().optional().describe('unix seconds of the last data of a vanished metric'),
  baseline: z
    .enum(baselineKinds)
    .optional()
    .describe('what it is compared with; absent: stable, side by side'),
  source: z.enum(['probes']).optional().describe('absent: what was measured of users'),
  guarantee: z
    .string()
    .optional()
    .describe('what the verdict is worth against that baseline, or from that source'),
})

/** The answer of one look. */
export const verdictSchema = z.object({
  schema: z.literal(1),
  verdict: z.enum(verdictValues),
  reason,
  metric: z.string().optional().describe('the metric that decided'),
  at: z.number().nullable().describe('unix seconds of the newest data; null before any'),
  step: z.number().int().nonnegative(),
  weight: z.number(),
  evidenceAgainst: z.number().describe('combined e-value; 1/alpha rolls back'),
  words: z.string().describe('one sentence for people'),
  metrics: z.array(metricVerdictSchema),
})

export type VerdictValue = (typeof verdictValues)[number]
export type ArmFigures = z.infer<typeof armSchema>
export type MetricVerdict = z.infer<typeof metricVerdictSchema>
export type Verdict = z.infer<typeof verdictSchema>
