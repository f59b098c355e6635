import { z } from 'zod'

/** What a metric is; it decides which test judges it. */
export const metricKinds = ['ratio', 'latency', 'rate', 'value', 'health'] as const

/** A histogram of one interval. `counts` is per bucket (not cumulative), one longer than `le`: the last is +Inf. */
export const bucketsSchema = z
  .object({
    le: z.array(z.number()).min(1).describe('upper edges, ascending, without +Inf'),
    counts: z.array(z.number().nonnegative()).min(2).describe('requests per bucket, the last one is +Inf'),
  })
  .refine(({ le, counts }) => counts.length === le.length + 1, {
    message: 'counts must be one longer than le: the last bucket is +Inf',
  })

/** What one instance did during the interval of its observation: differences of counters, never running totals. */
export const sampleSchema = z.object({
  instance: z.string().min(1).describe('pod, task or host; unique within its arm'),
  age: z.number().nonnegative().optional().describe('seconds since the instance appeared'),
  total: z.number().nonnegative().describe('requests during the interval'),
  events: z.number().nonnegative().optional().describe('errors, orders or dependency failures'),
  buckets: bucketsSchema.optional(),
  value: z.number().optional().describe('a gauge at the end of the interval'),
  up: z.boolean().optional().describe('kind health: whether the instance answered as healthy'),
})

/** One metric over one interval, canary and stable side by side. A missing arm is an empty list: no evidence. */
export const observationSchema = z.object({
  schema: z.literal(1),
  metric: z.string().min(1),
  kind: z.enum(metricKinds),
  from: z.number().describe('unix seconds'),
  to: z.number().describe('unix seconds'),
  weight: z.number().min(0).max(100).describe('percent of traffic on the canary during the interval'),
  canary: z.array(sampleSchema),
  stable: z.array(sampleSchema),
})

export type MetricKind = (typeof metricKinds)[number]
export type Buckets = z.infer<typeof bucketsSchema>
export type Sample = z.infer<typeof sampleSchema>
export type Observation = z.infer<typeof observationSchema>

/** Requests of a sample: of a histogram, what is in it. */
export function requests({ total, buckets }: Sample): number {
  return buckets ? buckets.counts.reduce((sum, count) => sum + count, 0) : total
}
