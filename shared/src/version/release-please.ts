import { ConfigurationError } from '../config/configuration-error.ts'
import { isObject, readObject } from './read-object.ts'

export const releasePleaseManifest = '.release-please-manifest.json'
export const releasePleaseConfig = 'release-please-config.json'

/**
 * The version of a path (`.` or a folder) in the manifest that release-please keeps in the repository.
 *
 * @throws ConfigurationError when the manifest cannot be read or has no such path
 */
export const manifestVersion = (text: string, path: string): string => {
  const manifest = readObject(text, releasePleaseManifest)
  const value = Object.hasOwn(manifest, path) ? manifest[path] : undefined
  if (typeof value === 'string') return value
  const known = Object.keys(manifest).slice(0, 20).join(', ')
  throw new ConfigurationError(`names no version for "${path}"; it has ${known === '' ? 'nothing' : known}`, {
    file: releasePleaseManifest,
  })
}

/**
 * What release-please puts before the version in a tag: `<component>-v` unless the configuration says otherwise.
 * `packageName` is the name in the package.json of the path. null without a configuration: it cannot be told then.
 */
export const releasePleasePrefix = (
  text: string | null,
  path: string,
  packageName: string | null,
): string | null => {
  if (text === null) return null
  const whole = readObject(text, releasePleaseConfig)
  const packages = isObject(whole['packages']) ? whole['packages'] : {}
  const own = Object.hasOwn(packages, path) && isObject(packages[path]) ? packages[path] : {}
  const setting = (name: string): unknown => own[name] ?? whole[name]
  const v = setting('include-v-in-tag') === false ? '' : 'v'
  if (setting('include-component-in-tag') === false) return v
  const node = (setting('release-type') ?? 'node') === 'node'
  const named = setting('package-name') ?? (node ? packageName : undefined)
  const bare = typeof named === 'string' && node ? named.replace(/^@[\w-]+\//, '') : named
  const component = setting('component') ?? bare
  const between = setting('tag-separator')
  return typeof component === 'string' && component !== ''
    ? `${component}${typeof between === 'string' ? between : '-'}${v}`
    : v
}

const title =
  /^chore(?:\([\w./-]+\))?: release ?(@?[\w./-]*?) ?v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)(?: \(#\d+\))?$/

/** What the merged release pull request of release-please says in its title (its own form); null for any other. */
export const releaseTitle = (subject: string): { component: string; version: string } | null => {
  const found = subject.length > 300 ? null : title.exec(subject)
  return found ? { component: found[1] ?? '', version: found[2] ?? '' } : null
}
