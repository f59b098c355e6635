import type { MetricsPolicy } from '../../config/metrics-policy.ts'

type Env = Record<string, string | undefined>
export type Hide = (text: string) => string

/** Shorter values are words of any sentence. */
const shortest = 4

/** What the providers of a policy are sent from the environment, in the forms in which it may come back. Longest first. */
export const sentSecrets = (policy: MetricsPolicy | undefined, env: Env): string[] => {
  if (!policy) return []
  const { prometheus, datadog, http, command } = policy
  const basic = prometheus?.basic
  const texts = [
    ...Object.values(prometheus?.headers ?? {}),
    ...Object.values(http?.headers ?? {}),
    ...(basic ? [basic.user] : []),
  ]
  const names = [
    ...(prometheus?.secret ? [prometheus.secret] : []),
    ...(basic ? [basic.password] : []),
    ...Object.values(datadog?.secrets ?? {}),
    ...(command?.secrets ?? []),
    ...texts.flatMap((text) =>
      [...text.matchAll(/\{\{env:([^}]+)\}\}/g)].map(([, name = '']) => name.trim()),
    ),
  ]
  const filled = (text: string) =>
    text.replaceAll(/\{\{env:([^}]+)\}\}/g, (_, name: string) => env[name.trim()]?.trim() ?? '')
  const values = [
    ...names.flatMap((name) => [env[name] ?? '', env[name]?.trim() ?? '']),
    ...(basic ? [`${filled(basic.user)}:${env[basic.password]?.replace(/\r?\n$/, '') ?? ''}`] : []),
  ]
  const forms = values
    .filter((value) => value.length >= shortest)
    .flatMap((value) => [
      value,
      Buffer.from(value).toString('base64'),
      Buffer.from(value).toString('base64url'),
      encodeURIComponent(value),
      JSON.stringify(value).slice(1, -1),
    ])
  return [...new Set(forms)].sort((a, b) => b.length - a.length)
}

/** Text with `***` for what was sent: a vendor may repeat the request, or its headers, in its complaint. */
export const hideSecrets =
  (secrets: readonly string[]): Hide =>
  (text) =>
    secrets.reduce((safe, secret) => safe.replaceAll(secret, '***'), text)
