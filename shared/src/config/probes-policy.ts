import { z } from 'zod'
import { placeholdersIn } from '../text/placeholder.ts'
import { isWithoutSecret, noSecret } from './plain-address.ts'
import { duration } from './units.ts'

const named = ['version', 'arm']
const knows = (text: string, more: RegExp | null = null) =>
  placeholdersIn(text).every((name) => named.includes(name) || more?.test(name))
const only = 'only {{version}} and {{arm}} (canary or stable) are filled in here'
const template = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => knows(text), only)
const address = template(2000)
  .regex(
    /^https?:\/\/[^/?#\s]+(\/[^?#\s]*)?$/,
    'write an address such as https://{{arm}}.shop.example, without ?',
  )
  .refine(isWithoutSecret, noSecret)
const headerName = z.string().regex(/^[A-Za-z0-9-]+$/, 'write the name of a header')
/** They would change how a request is framed, not what it asks. */
const framing = ['connection', 'content-length', 'expect', 'transfer-encoding', 'upgrade']

const headers = z
  .record(
    headerName.refine(
      (name) => !framing.includes(name.toLowerCase()),
      'this header is set by the connection; leave it out',
    ),
    z
      .string()
      .max(2000)
      .regex(/^[\t\x20-\x7e]*$/, 'a header is one line of plain characters')
      .refine(
        (text) => knows(text, /^env:[A-Za-z_][A-Za-z0-9_]*$/),
        'only {{version}}, {{arm}} and {{env:NAME}} are filled in in a header',
      ),
  )
  .describe('{{version}}, {{arm}}; {{env:NAME}} stands for the environment variable NAME')

const status = z.number().int().min(100).max(599)

const request = z
  .strictObject({
    path: template(2000)
      .regex(/^(\/[^#\s]*)?$/, 'write a path such as /health, with / first')
      .default('')
      .describe('Added to url; may hold a query'),
    method: z
      .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      .default('GET')
      .describe(
        'Anything but GET and HEAD may change something: it is sent many times a second, to production',
      ),
    body: template(20_000).optional(),
    status: z
      .union([status.transform((one) => [one]), z.array(status).min(1).max(20)])
      .optional()
      .describe('What a good answer has; any 2xx when absent. Redirects are not followed'),
    contains: z.string().min(1).max(1000).optional().describe('Text that the body of a good answer holds'),
  })
  .refine(({ method, contains }) => method !== 'HEAD' || contains === undefined, {
    message:
      'an answer to HEAD has no body that contains anything; write method: GET, or leave contains away',
    path: ['contains'],
  })

/** Upper edges in seconds, two and a half an octave where most services live. */
const usualEdges = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3]

/** Requests of relman's own to both versions, where users send too few. What they prove holds for these requests. */
export const probesPolicy = z.strictObject({
  url: z
    .union([address, z.strictObject({ canary: address, stable: address })])
    .describe(
      'Where both versions answer: one address with {{arm}} or {{version}} in it or in a header, or two',
    ),
  rate: z.number().min(0.1).max(100).default(5).describe('Requests a second to each version'),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(20)
    .describe('Requests under way to each version at most; more are left out and said'),
  timeout: duration
    .pipe(z.number().positive().max(60))
    .default(5)
    .describe('An answer that is not complete by then, or not 256 kB of it, is a bad one'),
  before: duration
    .pipe(z.number().max(3600))
    .default(600)
    .describe('How long both are asked before anybody is exposed; teaches what the stable version is like'),
  headers: headers.default({}),
  requests: z
    .array(request)
    .min(1)
    .max(50)
    .prefault([{}])
    .describe('Sent in turn; each a request that users send, too'),
  answers: z
    .strictObject({ version: headerName.optional(), instance: headerName.optional() })
    .prefault({})
    .describe('Headers of the answers that name the version and the instance that gave them'),
  edges: z
    .array(z.number().positive())
    .min(1)
    .max(30)
    .refine((edges) => edges.every((edge, at) => edge > (edges[at - 1] ?? 0)), 'edges must ascend')
    .default(usualEdges)
    .describe('Upper edges in seconds that latency is counted at'),
})

export type ProbesPolicy = z.output<typeof probesPolicy>
export type ProbeRequest = ProbesPolicy['requests'][number]

type Checked = { name: string; kind: string; provider?: string | undefined; baseline?: string | undefined }

/** What is wrong with probes and the checks that are read from them; each sentence with its fix. */
export const probesFaults = (
  probes: ProbesPolicy | undefined,
  checks: readonly Checked[],
  usual: string,
): { path: (string | number)[]; message: string }[] => {
  const own = checks.flatMap((check, index) => (check.provider === 'probes' ? [{ check, index }] : []))
  const faults = own.flatMap(({ check, index }) => {
    const path = ['checks', index]
    if (check.kind !== 'ratio' && check.kind !== 'latency')
      return [{ path, message: `${check.name} is a ${check.kind}; probes answer a ratio or a latency` }]
    return (check.baseline ?? usual) === 'stable' || check.baseline === 'objective'
      ? []
      : [
          {
            path,
            message: `${check.name}: probes have no past and ask production; write baseline: stable`,
          },
        ]
  })
  if (!probes) return faults
  if (own.length === 0)
    faults.push({
      path: ['probes'],
      message:
        'no check judges them; add for example { kind: ratio, name: probe-errors, provider: probes } to metrics.checks',
    })
  if (!tellsApart(probes))
    faults.push({
      path: ['probes', 'url'],
      message:
        'both versions would be asked alike; write {{arm}} or {{version}} in url or in a header, or url: { canary: …, stable: … }',
    })
  return faults
}

/** An address as it is asked: without the port that goes without saying, capitals of a host, or a slash at the end. */
const placeOf = (url: string): string => (URL.canParse(url) ? new URL(url).href : url).replace(/\/$/, '')

/** Whether a request says which version it is for. */
const tellsApart = ({ url, headers: sent, requests }: ProbesPolicy): boolean => {
  if (typeof url !== 'string' && placeOf(url.canary) !== placeOf(url.stable)) return true
  const shared = [typeof url === 'string' ? url : url.canary, ...Object.values(sent)]
  const differs = (text: string | undefined) =>
    text !== undefined && placeholdersIn(text).some((name) => named.includes(name))
  return shared.some(differs) || requests.every(({ path, body }) => differs(path) || differs(body))
}
