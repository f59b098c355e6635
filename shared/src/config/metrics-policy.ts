import { z } from 'zod'
import { duration, percent } from './units.ts'

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'write small letters, digits and dashes, a letter first, such as error-rate')
const about = z
  .enum(['errors', 'latency', 'business', 'dependency', 'saturation'])
  .optional()
  .describe(
    'What the metric stands for; names the reason of a rollback. Errors for ratio, business for rate when absent',
  )
const promise = { name, required: z.boolean().default(true), margins: z.array(percent).optional(), about }

const ratioCheck = z.strictObject({
  ...promise,
  kind: z.literal('ratio'),
  total: z.string().min(1).describe('Selector of the counter of all requests'),
  events: z.string().min(1).describe('Selector of the counter of bad ones'),
  ceiling: percent.optional().describe('Absolute limit, whatever the baseline does'),
})

const rateCheck = z.strictObject({
  ...promise,
  kind: z.literal('rate'),
  total: z.string().min(1),
  events: z.string().min(1).describe('Selector of the counter of good things, for example orders'),
  direction: z.enum(['lower-is-better', 'higher-is-better']).default('higher-is-better'),
})

const latencyCheck = z.strictObject({
  ...promise,
  kind: z.literal('latency'),
  histogram: z.string().min(1).describe('Selector of a classic histogram, without _bucket'),
})

/** Where health is read from and what is judged. Without `checks` nothing can be proven, and nothing is promoted. */
export const metricsPolicy = z.strictObject({
  prometheus: z
    .strictObject({ url: z.url(), secret: z.string().optional(), timeout: duration.default(10) })
    .optional(),
  allow: z
    .array(z.string())
    .default([])
    .describe('Hosts (host or host:port) that may be on a private network'),
  labels: z
    .strictObject({ version: z.string().default('version'), instance: z.string().default('instance') })
    .prefault({}),
  checks: z.array(z.discriminatedUnion('kind', [ratioCheck, rateCheck, latencyCheck])).default([]),
  dashboards: z.array(z.url()).default([]).describe('Where people look during a rollout'),
  health: z.array(z.url()).default([]).describe('Health endpoints of the new version'),
})

export type MetricsPolicy = z.output<typeof metricsPolicy>
export type MetricCheck = MetricsPolicy['checks'][number]
