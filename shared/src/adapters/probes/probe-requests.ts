import { ConfigurationError } from '../../config/configuration-error.ts'
import type { ProbeRequest, ProbesPolicy } from '../../config/probes-policy.ts'
import type { Arm } from '../../probe/tally.ts'
import { fillPlaceholders } from '../../text/placeholder.ts'
import { secret } from '../metrics/headers.ts'

type Env = Record<string, string | undefined>
export type Versions = { canary: string; stable: string }

export type Probe = {
  url: string
  method: ProbeRequest['method']
  headers: Record<string, string>
  body?: string
  expect: Pick<ProbeRequest, 'status' | 'contains'>
}

/** Services can leave these out of what they count, charge or send. */
const marks = { 'user-agent': 'relman-probe', 'x-relman-probe': '1' }

/**
 * The probes of one version, with everything filled in.
 *
 * @throws ConfigurationError for a secret that this job does not have, or an address that is none with this version in it
 */
export const probeRequests = (policy: ProbesPolicy, arm: Arm, versions: Versions, env: Env): Probe[] => {
  const version = versions[arm].replace(/^v(?=\d)/, '')
  const values: Record<string, string> = { arm, version }
  const fill = (text: string, escape: (value: string) => string) =>
    fillPlaceholders(text, (name) => values[name] ?? '', escape)
  const base = typeof policy.url === 'string' ? policy.url : policy.url[arm]
  const headers = Object.fromEntries(
    Object.entries({ ...marks, ...policy.headers }).map(([name, text]) => [
      name.toLowerCase(),
      fillPlaceholders(
        text,
        (key) => values[key] ?? secret(`metrics.probes.headers.${name}`, key.replace(/^env:/, ''), env),
        (value) => value,
      ),
    ]),
  )
  const broken = Object.entries(headers).find(([, value]) => /[^\t\x20-\x7e]/.test(value))
  if (broken)
    throw new ConfigurationError(
      `metrics.probes.headers.${broken[0]}: the version ${JSON.stringify(versions[arm].slice(0, 80))} holds a character that no header may have`,
    )
  return policy.requests.map(({ path, method, body, status, contains }) => {
    const url = addressOf(fill(base, encodeURIComponent), fill(path, encodeURIComponent), version)
    return {
      url,
      method,
      headers,
      ...(body === undefined ? {} : { body: fill(body, (value) => JSON.stringify(value).slice(1, -1)) }),
      expect: { status, contains },
    }
  })
}

const addressOf = (base: string, path: string, version: string): string => {
  const text = path === '' ? base : `${base.replace(/\/$/, '')}${path}`
  if (URL.canParse(text)) return text
  throw new ConfigurationError(
    `metrics.probes.url: with version ${JSON.stringify(version.slice(0, 80))} filled in, ${JSON.stringify(text.slice(0, 200))} is no address; write url: { canary: …, stable: … }`,
  )
}

/** Why an answer is not what was expected, in a few words that hold nothing of it but its status; null when it is. */
export const badAnswer = (
  { status, contains }: Probe['expect'],
  answer: { status: number; text: string },
): string | null => {
  const fits = status ? status.includes(answer.status) : answer.status >= 200 && answer.status < 300
  if (!fits) return `status ${answer.status}`
  return contains === undefined || answer.text.includes(contains)
    ? null
    : `status ${answer.status} without the text in contains`
}
