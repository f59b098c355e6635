import { z } from 'zod'
import { baselineKinds } from '../baseline/baseline-kind.ts'
import { metricKinds } from './observation.ts'

/** Which way of moving is harm's opposite. */
export const directions = ['lower-is-better', 'higher-is-better'] as const

/**
 * What a margin is measured in.
 * - `share`: absolute share of requests, 0.001 = 0.1 percentage point (default of ratio and latency)
 * - `relative`: share of the baseline's own figure, 0.25 = a quarter worse (default of rate and value)
 * - `slower`: latency only; 0.2 = every quantile may be 20 % slower ("p99 < 1.2 x baseline")
 */
export const marginUnits = ['share', 'relative', 'slower'] as const

/** What a metric stands for. Default: ratio errors, latency latency, rate business (falling) or dependency, value saturation. */
export const subjects = ['errors', 'latency', 'business', 'dependency', 'saturation', 'health'] as const

/** One metric's criterion in the form that the judge tests. */
export const metricCriterionSchema = z.object({
  metric: z.string().min(1),
  observes: z
    .string()
    .min(1)
    .optional()
    .describe('the metric it is read from, where it goes by another name'),
  kind: z.enum(metricKinds),
  direction: z.enum(directions),
  margins: z.array(z.number().positive()).describe('one per step of the ladder; the last one repeats'),
  unit: z.enum(marginUnits).optional(),
  ceiling: z.number().positive().optional().describe('absolute share or rate that may not be exceeded'),
  ceilingTimes: z
    .number()
    .min(1)
    .optional()
    .describe('how many times the stable rate must be exceeded, too, before the ceiling speaks; default 1'),
  quantile: z.number().gt(0).lt(1).optional().describe('latency: the quantile to prove, default 0.99'),
  required: z.boolean().describe('must be proven for a step to be healthy'),
  weight: z.number().positive().optional().describe('share in the combined rollback evidence, default 1'),
  about: z.enum(subjects).optional().describe('what the metric stands for; names the reason of a rollback'),
  written: z.string().optional().describe('the criterion exactly as its author wrote it'),
  baseline: z.enum(baselineKinds).optional().describe('what it is compared with, default stable'),
  objective: z.number().gt(0).lt(1).optional().describe('the fixed share that baseline objective stands for'),
  source: z
    .enum(['probes'])
    .optional()
    .describe('what it is read from, where that is not the requests of users'),
  armSpread: z
    .number()
    .nonnegative()
    .optional()
    .describe('how much the arms of this metric differ without a cause: standard deviation of the log ratio'),
  taughtBy: z.number().int().optional().describe('how many past releases taught armSpread'),
})

/** The metric whose observations a criterion is judged by. */
export const observedBy = ({ observes, metric }: Pick<MetricCriterion, 'observes' | 'metric'>): string =>
  observes ?? metric

export type Direction = (typeof directions)[number]
export type Subject = (typeof subjects)[number]
export type MarginUnit = (typeof marginUnits)[number]
export type MetricCriterion = z.infer<typeof metricCriterionSchema>
