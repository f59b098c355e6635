import { ConfigurationError } from '../../../config/configuration-error.ts'

export type Arm = 'canary' | 'stable'
/** The two versions that are compared; `previous` is null before the first release. */
export type Versions = { version: string; previous: string | null }

const harmless = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/
const plain = (version: string): string => version.replace(/^v(?=\d)/, '')

/**
 * Which version a label names; a `v` before a number makes no difference. Before the first release stable is whatever
 * is not the new version. `normal` is what the provider makes of the values of its tags.
 */
export const armOf = (
  { version, previous }: Versions,
  label: string,
  normal: (text: string) => string = (text) => text,
): Arm | null => {
  const same = (one: string) => normal(plain(one)) === normal(plain(label))
  if (same(version)) return 'canary'
  return previous === null || same(previous) ? 'stable' : null
}

/**
 * A query with its versions filled in. They come from tags of the repository and stand inside somebody's query language,
 * where nothing escapes everything: only letters, digits and . _ + - may pass.
 *
 * @throws ConfigurationError for a version with anything else in it
 */
export const fillVersions = (query: string, { version, previous }: Versions): string => {
  const safe = (name: string) => {
    if (harmless.test(name)) return plain(name)
    throw new ConfigurationError(
      `version ${JSON.stringify(name.slice(0, 60))}: a version in a metrics query may hold letters, digits and . _ + - only`,
    )
  }
  return query.replaceAll(/\{\{(version|previous)\}\}/g, (_, which: string) =>
    which === 'version' ? safe(version) : safe(previous ?? 'none'),
  )
}

/** Whether a text that names {{version}} alone is asked once for each of the two versions. */
export const isPerArm = (text: string): boolean =>
  text.includes('{{version}}') && !text.includes('{{previous}}')
