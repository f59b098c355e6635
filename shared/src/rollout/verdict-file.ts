import { z } from 'zod'
import { baselineKinds } from '../baseline/baseline-kind.ts'
import { metricKinds } from '../verdict/observation.ts'
import { armSchema, verdictValues } from '../verdict/verdict.ts'
import { visit } from './rollout-state.ts'

const verdict = z.enum(verdictValues)
const eValue = z.number().describe('e-value, at most 1e9')
const quantiles = z.object({
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
})

/** One criterion: what was promised, what was seen, what it is worth. Shares: 0.001 is 0.1 percentage point. */
const criterion = z.object({
  metric: z.string(),
  kind: z.enum(metricKinds),
  text: z.string().describe('the criterion exactly as written'),
  required: z.boolean(),
  source: z
    .enum(['provider', 'probes'])
    .default('provider')
    .describe('probes: requests that relman sent, not those of users'),
  baseline: z.object({ kind: z.enum(baselineKinds), guarantee: z.string() }),
  new: armSchema,
  stable: armSchema,
  latency: z
    .object({
      edge: z.number().nullable().describe('seconds; slower requests are what is counted'),
      new: quantiles,
      stable: quantiles,
    })
    .optional()
    .describe('seconds'),
  unit: z.enum(['share', 'relative']).describe('of margins, estimate and interval'),
  estimate: z.number().nullable().describe('new minus stable'),
  interval: z
    .tuple([z.number(), z.number()])
    .nullable()
    .describe(
      'holds on both sides and at all looks together, with a chance of 1 - alpha; the proof of a margin asks for less',
    ),
  margin: z.number().nullable().describe('what the last judged step asks for'),
  promised: z.number().nullable().describe('what the last step asks for: the criterion itself'),
  ceiling: z.number().nullable().describe('absolute limit'),
  evidence: z.object({
    against: eValue,
    for: eValue,
    words: z.string().describe('"1,000 to 1 against"'),
    wanted: z
      .object({ against: z.number(), for: z.number() })
      .describe('the e-values that decide at this step'),
  }),
  verdict,
  reason: z.string(),
  means: z.string().describe('the reason in words'),
  decidedAt: z
    .number()
    .nullable()
    .describe('Unix seconds of the look that decided it at the last judged step'),
  notProven: z.string().nullable().describe('what was not proven, in one sentence; null when it was'),
  provable: z
    .object({ margin: z.number().nullable(), limit: z.enum(['instances', 'traffic']) })
    .nullable()
    .describe(
      'the smallest margin that this step could be expected to prove, and what stands in the way of less',
    ),
  instance: z.string().optional().describe('the instance to replace, or left out of the baseline'),
  since: z.number().optional().describe('Unix seconds of the last data of a metric that vanished'),
  detail: z.string().optional().describe('what is wrong with the data'),
})

/** `verdict.json`: everything the judge saw and said of a rollout or of a window. Times are Unix seconds. */
export const verdictFile = z.object({
  schema: z.literal(1),
  action: z.string(),
  service: z.string(),
  version: z.string(),
  previous: z.string().nullable(),
  digest: z.string(),
  writtenAt: z.number(),
  decision: z.string().describe('decision of the action'),
  reasonCode: z.string(),
  verdict: verdict.nullable().describe('of the last look; null when nobody looked'),
  reason: z.string().nullable(),
  words: z.string(),
  decidedBy: z.string().nullable().describe('the metric that decided'),
  at: z.number().nullable().describe('the newest data'),
  alpha: z.number().describe('the bound on the chance of a false rollback'),
  steps: z.array(visit),
  criteria: z.array(criterion),
  looks: z
    .array(
      z.object({
        at: z.number(),
        step: z.number(),
        weight: z.number(),
        verdict,
        reason: z.string(),
        against: eValue,
        for: z.record(z.string(), eValue).describe('by metric'),
      }),
    )
    .describe('evidence over time; the last 500 looks'),
  prospects: z.array(z.string()).describe('what each step could be expected to prove, said before it began'),
  down: z.string().nullable().describe('why the provider did not answer'),
  unanswered: z
    .array(z.object({ what: z.array(z.string()), from: z.number(), to: z.number().nullable() }))
    .default([])
    .describe('when a provider did not answer, and who; `to` is null where it still does not'),
  notes: z.array(z.string()),
})

export type VerdictFile = z.output<typeof verdictFile>
export type CriterionAccount = VerdictFile['criteria'][number]
