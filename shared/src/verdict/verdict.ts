import { z } from 'zod'

/** The three answers; inconclusive means "not known yet", never "probably fine". */
export const verdictValues = ['healthy', 'unhealthy', 'inconclusive'] as const

/** Every reason a verdict or a metric can carry, with its meaning. Stable codes: only ever added to. */
export const verdictReasons = {
  proven: 'the margin of the step is proven',
  'error-rate-above-margin': 'more errors per request than the stable version',
  'latency-above-margin': 'more slow requests than the stable version',
  'business-decline': 'a business count fell against the stable version',
  'dependency-failures': 'more failures of dependencies than the stable version',
  'value-worse': 'a plain value is worse than on the stable version, look after look',
  'health-checks-failing': 'instances fail their health checks',
  'ceiling-exceeded': 'an absolute ceiling is exceeded',
  'not-proven-yet': 'nothing strong against, not enough for',
  'evidence-against': 'too much evidence against to go on, too little to roll back',
  'minimum-bake': 'the minimum time of the step is not over',
  'learning-baseline': 'the first interval without history only teaches the baseline',
  'one-instance': 'a single canary instance carries the evidence; replace it',
  unprovable: 'the margin cannot be proven: instances differ by more than that',
  'no-data': 'the metric was never seen on an arm',
  'metric-vanished': 'the metric was seen and is no longer',
  'no-traffic': 'no requests during the interval',
  'warming-up': 'every canary instance is within its warm-up',
  'bad-data': 'the metrics provider gave numbers that cannot be',
  'arms-swapped': 'canary and stable look exchanged, or share an instance',
  'bucket-edges-differ': 'the latency edge to judge is missing on an arm',
  'clock-jumped': 'the interval runs backwards or overlaps what was already counted',
  'no-required-metric': 'no criterion is required, so nothing can be proven',
} as const

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
  evidenceAgainst: z.number().describe('e-value against the release, capped'),
  evidenceFor: z.number().describe('e-value for the margin of the step, capped'),
  words: z.string().describe('the evidence in words, "1,000 to 1 against"'),
  detail: z.string().optional().describe('one sentence on what is wrong with the data'),
  instance: z.string().optional().describe('the instance to replace, or left out of the baseline'),
  since: z.number().optional().describe('unix seconds of the last data of a vanished metric'),
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
export type VerdictReason = keyof typeof verdictReasons
export type ArmFigures = z.infer<typeof armSchema>
export type MetricVerdict = z.infer<typeof metricVerdictSchema>
export type Verdict = z.infer<typeof verdictSchema>
