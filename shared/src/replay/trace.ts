import { z } from 'zod'

const most = 100_000
const counts = z.array(z.number().nullable()).max(most)

/** A bucket of time of which not all is known says nothing of latency. */
const timed = z
  .array(z.number().nullable())
  .nullable()
  .transform((row): number[] => (row?.every((count) => count !== null) ? row : []))

const latency = z.strictObject({
  edges: z.array(z.number()).min(1).max(200).describe('upper edges in seconds, ascending, without +Inf'),
  counts: z
    .array(timed)
    .max(most)
    .describe(
      'per bucket of time, the requests of each bucket of duration, not cumulative; the last is +Inf; null where nothing is known',
    ),
})

const pod = z
  .strictObject({
    pod: z.string().min(1),
    requests: counts.describe('per bucket of time; null where nothing is known'),
    errors: counts,
    latency: latency.optional(),
  })
  .superRefine(({ pod, requests, errors, latency }, context) => {
    const lists = { errors: errors.length, 'latency.counts': latency?.counts.length ?? requests.length }
    for (const [name, length] of Object.entries(lists))
      if (length !== requests.length)
        context.addIssue({
          code: 'custom',
          message: `pod ${JSON.stringify(pod.slice(0, 80))} has ${requests.length} requests and ${length} ${name}; write one for each bucket, null where nothing is known`,
        })
  })

/** A pod that comes twice would count as two that agree, and prove what one of them cannot. */
const pods = z
  .array(pod)
  .max(10_000)
  .superRefine((all, context) => {
    const names = new Set<string>()
    for (const { pod } of all) {
      if (names.has(pod))
        return context.addIssue({
          code: 'custom',
          message: `pod ${JSON.stringify(pod.slice(0, 80))} comes twice; write one entry for each pod`,
        })
      names.add(pod)
    }
  })

/** How many buckets of time the pods cover. */
export const lengthOf = (pods: readonly Pick<TracedPod, 'requests'>[]): number =>
  pods.reduce((most, { requests }) => Math.max(most, requests.length), 0)

const percent = z.number().min(0).max(100)

/** What happened during a rollout, or a day without one. All lists run over buckets of `interval` seconds. */
export const traceSchema = z
  .strictObject({
    name: z.string(),
    interval: z.number().positive().max(86_400).describe('seconds of a bucket'),
    margin: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .describe('share of requests that may fail more than on stable, 0.001 = 0.1 percentage point'),
    weight: z.union([percent, z.array(percent).min(1).max(most)]).describe('percent on the canary'),
    arms: z.strictObject({ canary: pods, stable: pods }),
    history: pods
      .optional()
      .describe('the stable pods before the trace; its last bucket ends where the trace begins'),
  })
  .superRefine(({ weight, arms }, context) => {
    const buckets = lengthOf([...arms.canary, ...arms.stable])
    // A weight that is guessed would hold a bucket to the margin of another step.
    if (typeof weight !== 'number' && buckets > 0 && weight.length !== buckets)
      context.addIssue({
        code: 'custom',
        path: ['weight'],
        message: `${weight.length} numbers for ${buckets} buckets; write one number, or one for each bucket`,
      })
  })

export type Trace = z.infer<typeof traceSchema>
export type TracedPod = z.infer<typeof pod>
