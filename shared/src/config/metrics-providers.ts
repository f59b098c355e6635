import { z } from 'zod'
import { parsePath } from '../text/json-path.ts'
import { placeholdersIn } from '../text/placeholder.ts'
import { isWithoutSecret, noSecret, plainAddress } from './plain-address.ts'
import { probesPolicy } from './probes-policy.ts'
import { command, duration } from './units.ts'

const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'write the name of an environment variable, such as DD_API_KEY')
const url = z.url({ protocol: /^https?$/ }).refine(isWithoutSecret, noSecret)
const patience = duration.pipe(z.number().positive().max(300))
/** Providers that count in slices of time of their own: how long one is, and when nothing more is added to it. */
const slices = (interval: number, delay: number) => ({
  interval: duration
    .pipe(z.number().min(1).max(3600))
    .default(interval)
    .describe('Length of a slice of time in the answers; the finest that the vendor keeps'),
  delay: duration
    .pipe(z.number().max(3600))
    .default(delay)
    .describe('How long after its end a slice is complete; what comes later is not counted'),
})
const path = z
  .string()
  .max(200)
  .refine((text) => parsePath(text) !== null, 'write a path such as data.result[*].metric["app.version"]')
const filled = ['query', 'from', 'to', 'step', 'version', 'previous']
const template = (most: number) =>
  z
    .string()
    .max(most)
    .refine(
      (text) => placeholdersIn(text).every((name) => filled.includes(name)),
      `only ${filled.map((name) => `{{${name}}}`).join(', ')} are filled in here`,
    )
const ownLabels = z
  .strictObject({ version: z.string().min(1).optional(), instance: z.string().min(1).optional() })
  .prefault({})
  .describe('Names of the tags here, where they differ from metrics.labels')

const datadog = z.strictObject({
  site: z
    .string()
    .regex(/^[a-z0-9.-]+$/, 'write a Datadog site such as datadoghq.eu')
    .default('datadoghq.com'),
  url: url.optional().describe('In place of https://api.<site>, for example a proxy of your own'),
  secrets: z
    .strictObject({ api: variable.default('DD_API_KEY'), application: variable.default('DD_APP_KEY') })
    .prefault({})
    .describe('Names of the environment variables that hold the two keys'),
  timeout: patience.default(10),
  labels: ownLabels,
  ...slices(20, 60),
})

const cloudwatch = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'write a region such as eu-central-1')
    .optional()
    .describe('The one of the environment when absent'),
  timeout: patience.default(30),
  ...slices(60, 120),
})

const value = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[\t\x20-\x7e]*$/, 'write one line of plain characters')
    .refine(
      (text) => placeholdersIn(text).every((name) => /^env:[A-Za-z_][A-Za-z0-9_]*$/.test(name)),
      'only {{env:NAME}} is filled in here',
    )
const headers = z
  .record(z.string().regex(/^[A-Za-z0-9-]+$/, 'write the name of a header'), value(2000))
  .default({})
  .describe('{{env:NAME}} stands for the environment variable NAME')
/** What says who asks is a secret with a key of its own, and what says how a message is read is not for a configuration. */
const kept =
  /^(authorization|proxy-.*|host|connection|content-.*|transfer-encoding|upgrade|expect|te|trailer)$/i

const prometheus = z
  .strictObject({
    url: plainAddress,
    secret: z.string().optional().describe('Environment variable that holds a bearer token'),
    basic: z
      .strictObject({
        user: value(200)
          .refine(
            (text) => text !== '' && !text.replace(/\{\{[^{}]*\}\}/g, '').includes(':'),
            'write a user without a colon',
          )
          .describe('{{env:NAME}} stands for the environment variable NAME'),
        password: variable.describe('Environment variable that holds the password'),
      })
      .optional()
      .describe('User and password in place of a bearer token'),
    headers: headers.refine(
      (all) => !Object.keys(all).some((name) => kept.test(name)),
      'this header is written by relman itself; for authorization use secret or basic',
    ),
    timeout: duration.default(10),
  })
  .refine(({ secret, basic }) => secret === undefined || basic === undefined, {
    message: 'write secret or basic, not both: a request has one way to say who asks',
    path: ['basic'],
  })

const http = z.strictObject({
  url: template(4000)
    .regex(/^https?:\/\/[^/{}?#]+([/?]|$)/, 'write an address such as https://example.com/query?q={{query}}')
    .refine(isWithoutSecret, noSecret)
    .describe('{{query}}, {{from}}, {{to}}, {{step}}, {{version}} and {{previous}} are filled in'),
  method: z.enum(['GET', 'POST']).default('GET'),
  headers,
  body: template(20_000).optional().describe('Filled in as the content-type in headers asks'),
  timeout: patience.default(10),
  time: z
    .enum(['s', 'ms', 'us', 'ns', 'iso'])
    .default('s')
    .describe('How {{from}} and {{to}} are written, and times are read'),
  points: z
    .enum(['counts', 'counter'])
    .default('counts')
    .describe('What a point is: what was counted in its slice, or a running total'),
  stamp: z.enum(['start', 'end']).default('start').describe('Which end of its slice the time of a point is'),
  read: z.strictObject({
    series: path.describe('Path to the series, such as data.result[*]'),
    version: path.optional().describe('Path from a series to its version; absent if each query names one'),
    instance: path.optional().describe('Path from a series to its instance'),
    edge: path.optional().describe('Path from a series to the upper edge of its bucket in seconds'),
    points: path.optional().describe('Path from a series to its points; a series is one point when absent'),
    time: path.describe('Path from a point to its time'),
    value: path.describe('Path from a point to its number'),
    errors: z.array(path).default([]).describe('Paths where the vendor reports errors with status 200'),
  }),
  ...slices(60, 60),
})

const file = z.strictObject({
  path: z.string().min(1).describe('JSON lines, one observation a line; relative to the workspace'),
  timeout: patience.default(10),
})

const program = z.strictObject({
  run: command.describe('Prints observations as JSON; RELMAN_FROM, RELMAN_TO, RELMAN_STEP, … say of what'),
  secrets: z.array(variable).default([]).describe('Environment variables that the program may see'),
  timeout: patience.default(30),
})

/** What a check may be read from; every secret is the name of an environment variable, never the secret. */
export const metricsProviders = {
  prometheus: prometheus.optional(),
  datadog: datadog.optional(),
  cloudwatch: cloudwatch.optional(),
  http: http.optional(),
  file: file.optional(),
  command: program.optional(),
  probes: probesPolicy.optional(),
}

export type ProviderName = keyof typeof metricsProviders
export const providerNames = Object.keys(metricsProviders) as [ProviderName, ...ProviderName[]]

export type PrometheusPolicy = z.output<typeof prometheus>
export type DatadogPolicy = z.output<typeof datadog>
export type CloudWatchPolicy = z.output<typeof cloudwatch>
export type HttpPolicy = z.output<typeof http>
export type FilePolicy = z.output<typeof file>
export type CommandPolicy = z.output<typeof program>
