import { ConfigurationError } from '../../config/configuration-error.ts'
import type { PrometheusPolicy } from '../../config/metrics-providers.ts'
import { fillPlaceholders } from '../../text/placeholder.ts'
import { bearer } from '../traffic/open.ts'

type Env = Record<string, string | undefined>

/**
 * Headers with their secrets; `key` is where the configuration has them.
 *
 * @throws ConfigurationError for a variable that this job does not have, or of two lines
 */
export const renderHeaders = (
  key: string,
  headers: Readonly<Record<string, string>>,
  env: Env,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [name.toLowerCase(), filled(`${key}.${name}`, text, env)]),
  )

/** A text with the environment variables that it names. */
const filled = (key: string, text: string, env: Env): string =>
  fillPlaceholders(
    text,
    (variable) => secret(key, variable.replace(/^env:/, ''), env),
    (value) => value,
  )

/** The value of a named environment variable that goes into a header. */
export const secret = (key: string, name: string, env: Env): string => {
  const value = env[name]?.trim()
  if (!value)
    throw new ConfigurationError(
      `${key}: the environment variable ${name} is not set in this job; pass the secret to this step`,
    )
  if (/[^\t\x20-\x7e]/.test(value))
    throw new ConfigurationError(
      `${key}: the environment variable ${name} holds a line break or another character that no header may have`,
    )
  return value
}

/** The headers by which a Prometheus API knows who asks: a bearer token, or user and password (RFC 7617), and its own. */
export const prometheusHeaders = (
  policy: Pick<PrometheusPolicy, 'secret' | 'basic' | 'headers'>,
  env: Env,
): Record<string, string> => {
  const key = 'metrics.prometheus'
  const own = renderHeaders(`${key}.headers`, policy.headers, env)
  if (policy.basic) return { ...own, authorization: basicOf(`${key}.basic`, policy.basic, env) }
  const token = bearer(`${key}.secret`, policy.secret, env)
  return token === undefined ? own : { ...own, authorization: `Bearer ${token}` }
}

const basicOf = (key: string, basic: NonNullable<PrometheusPolicy['basic']>, env: Env): string => {
  const user = filled(`${key}.user`, basic.user, env)
  if (user.includes(':'))
    throw new ConfigurationError(`${key}.user: a user holds no colon; its environment variable does`)
  // Encoded, a password may hold any character; the line break at the end of a file is none of it.
  const password = env[basic.password]?.replace(/\r?\n$/, '')
  if (!password)
    throw new ConfigurationError(
      `${key}.password: the environment variable ${basic.password} is not set in this job; pass the secret to this step`,
    )
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`
}
