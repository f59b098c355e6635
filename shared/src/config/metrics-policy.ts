import { z } from 'zod'
import { baselineFaults } from '../baseline/baseline-faults.ts'
import { baselineKinds } from '../baseline/baseline-kind.ts'
import { criteriaFaults } from './metrics-criteria.ts'
import { metricsProviders, providerNames } from './metrics-providers.ts'
import { checkFaults, providerOf } from './metrics-routes.ts'
import { plainAddress } from './plain-address.ts'
import { probesFaults } from './probes-policy.ts'
import { percent } from './units.ts'

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'write small letters, digits and dashes, a letter first, such as error-rate')
const about = z
  .enum(['errors', 'latency', 'business', 'dependency', 'saturation'])
  .optional()
  .describe(
    'What the metric stands for; names the reason of a rollback. Errors for ratio, business for rate when absent',
  )
const promise = {
  name,
  required: z.boolean().default(true),
  margins: z.array(percent).optional(),
  about,
  provider: z
    .enum(providerNames)
    .optional()
    .describe('Where it is read from; needed where several providers are configured'),
  baseline: z
    .enum(baselineKinds)
    .optional()
    .describe('What the new version is compared with, where that is not metrics.baseline'),
}
/** A query in the provider's own language; empty only where the provider goes by the name of the check. */
const query = z.string().default('')

const ratioCheck = z.strictObject({
  ...promise,
  kind: z.literal('ratio'),
  total: query.describe('All requests: a selector of their counter, or a query of the provider'),
  events: query.describe('The bad ones among them'),
  ceiling: percent.optional().describe('Absolute limit, whatever the baseline does'),
  objective: percent.optional().describe('The share that baseline: objective compares with, such as 0.5 %'),
})

const rateCheck = z.strictObject({
  ...promise,
  kind: z.literal('rate'),
  total: query,
  events: query.describe('Good things, for example orders: a selector of their counter, or a query'),
  direction: z.enum(['lower-is-better', 'higher-is-better']).default('higher-is-better'),
})

const latencyCheck = z.strictObject({
  ...promise,
  kind: z.literal('latency'),
  histogram: query.describe(
    'Selector of a histogram, without _bucket; with edges a query of the requests that took at most {{le}}',
  ),
  edges: z
    .array(z.number().positive())
    .min(1)
    .max(20)
    .refine((edges) => edges.every((edge, at) => edge > (edges[at - 1] ?? 0)), 'edges must ascend')
    .optional()
    .describe(
      'Upper edges in seconds that histogram is asked for, one query each; total counts all requests',
    ),
  total: z.string().min(1).optional().describe('All requests; with edges'),
})

const valueCheck = z.strictObject({
  ...promise,
  kind: z.literal('value'),
  value: query.describe('A plain number for each instance, such as its use of memory'),
  direction: z.enum(['lower-is-better', 'higher-is-better']).default('lower-is-better'),
  ceiling: z.number().positive().optional().describe('Absolute limit in the unit of the value'),
})

/** Where health is read from and what is judged. Without `checks` nothing can be proven, and nothing is promoted. */
export const metricsPolicy = z
  .strictObject({
    ...metricsProviders,
    allow: z
      .array(
        z.string().regex(/^[^\s/*@]+$/, 'write host or host:port, without http://, path, network mask or *'),
      )
      .default([])
      .describe('Hosts (host or host:port) that may be on a private network'),
    labels: z
      .strictObject({ version: z.string().default('version'), instance: z.string().default('instance') })
      .prefault({}),
    checks: z
      .array(z.discriminatedUnion('kind', [ratioCheck, rateCheck, latencyCheck, valueCheck]))
      .default([]),
    criteria: z
      .array(z.string())
      .max(50)
      .default([])
      .describe(
        'What a release is held to, as people write it: "error-rate < baseline + 0.1 %", "p99 < 1.2 × baseline", "http-5xx < 1 %"; each names a check',
      ),
    dashboards: z.array(z.url()).default([]).describe('Where people look during a rollout'),
    health: z.array(plainAddress).default([]).describe('Health endpoints of the new version'),
    baseline: z
      .enum(baselineKinds)
      .default('stable')
      .describe('What the new version is compared with, unless a check says otherwise'),
  })
  .superRefine((policy, context) => {
    for (const { index, at, message } of criteriaFaults(policy))
      context.addIssue({ code: 'custom', path: ['criteria', index], message, params: { at } })
    const configured = providerNames.filter((provider) => policy[provider])
    const names = new Set<string>()
    for (const [index, check] of policy.checks.entries()) {
      for (const message of checkFaults(check, configured))
        context.addIssue({ code: 'custom', path: ['checks', index], message })
      // What is seen is told by name: of two checks with one name, the second would never be judged.
      if (names.has(check.name))
        context.addIssue({
          code: 'custom',
          path: ['checks', index],
          message: `another check is named ${check.name}; give each a name of its own`,
        })
      names.add(check.name)
    }
    for (const { path, message } of [
      ...baselineFaults(policy.baseline, policy.checks),
      ...probesFaults(policy.probes, policy.checks, policy.baseline),
    ])
      context.addIssue({ code: 'custom', path, message })
  })

export type MetricsPolicy = z.output<typeof metricsPolicy>
export type MetricCheck = MetricsPolicy['checks'][number]

/** The provider that a check is read from; null when none is configured. */
export const checkProvider = (policy: MetricsPolicy, check: MetricCheck) =>
  providerOf(
    check,
    providerNames.filter((provider) => policy[provider]),
  )

/** Where each configured provider is, for people; never a secret, a query or a header. */
export const metricsSources = (metrics: MetricsPolicy) => {
  const { prometheus, datadog, cloudwatch, http, file, command, probes } = metrics
  return [
    ...(prometheus ? [prometheus.url] : []),
    ...(datadog ? [datadog.url ?? `Datadog (${datadog.site})`] : []),
    ...(cloudwatch ? [`CloudWatch${cloudwatch.region ? ` (${cloudwatch.region})` : ''}`] : []),
    ...(http ? [http.url.replace(/[?{].*$/s, '')] : []),
    ...(file ? [`file ${file.path}`] : []),
    ...(command ? [`command ${command.run[0] ?? ''}`] : []),
    ...(probes
      ? [
          `probes of ${[probes.url].flatMap((url) => (typeof url === 'string' ? [url] : [url.canary, url.stable])).join(' and ')}`,
        ]
      : []),
  ]
}
