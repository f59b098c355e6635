import { fillPlaceholders, placeholdersIn } from '../text/placeholder.ts'

/** What `artifact` of the configuration names, told by its form. */
export type Reference =
  | { kind: 'image'; host: string; repository: string; tags: string[]; fixed: boolean; digest: string | null }
  | { kind: 'release-asset'; file: string }
  | { kind: 'workflow-artifact'; label: string }
  | { kind: 'file'; path: string }
  | { kind: 'npm'; label: string }
  | { kind: 'other'; why: string }

export type Named = { version: string; tag: string; sha: string }

const filled = ['version', 'tag', 'sha', 'sha7']
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const tagForm = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
const npmForm = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/

/** The reference as it stands for one version: `{{version}}`, `{{tag}}`, `{{sha}}` and `{{sha7}}` filled in. */
export const fillReference = (text: string, { version, tag, sha }: Named): string => {
  const known: Record<string, string> = { version, tag, sha, sha7: sha.slice(0, 7) }
  return fillPlaceholders(
    text.trim(),
    (name) => known[name] ?? `{{${name}}}`,
    (value) => value,
  )
}

/**
 * Reads a reference: `host/repository[:tag][@digest]` (OCI distribution specification; without a tag the version and the
 * tag of the release are tried), `release:FILE`, `workflow:NAME`, `file:PATH`, `npm:NAME`. What is none of these is `other`,
 * with the reason in words; it stays a name that nothing is asked about.
 */
export const readReference = (text: string, named: Named): Reference => {
  const unknown = placeholdersIn(text).find((name) => !filled.includes(name))
  if (unknown !== undefined) return other(`{{${unknown}}} is not filled in here; ${filled.join(', ')} are`)
  const whole = fillReference(text, named)
  const [, scheme = '', rest = ''] = /^(release|workflow|file|npm):(.+)$/s.exec(whole) ?? []
  if (scheme === 'release')
    return plainName(rest) ? { kind: 'release-asset', file: rest } : other('it is no name of a file')
  if (scheme === 'workflow')
    return plainName(rest)
      ? { kind: 'workflow-artifact', label: rest }
      : other('it is no name of an artifact')
  if (scheme === 'file')
    return insideJob(rest) ? { kind: 'file', path: rest } : other('its path leaves the checkout')
  if (scheme === 'npm')
    return npmForm.test(rest) ? { kind: 'npm', label: rest } : other('it is no name of an npm package')
  return image(whole, named, placeholdersIn(text).length === 0)
}

const other = (why: string): Reference => ({ kind: 'other', why })
const plainName = (text: string): boolean => /^[^\s/\\:*?"<>|][^/\\:*?"<>|\p{Cc}]{0,254}$/u.test(text)
const insideJob = (path: string): boolean =>
  !/^[/\\~]|^[A-Za-z]:/.test(path) && !/(^|[\\/])\.\.([\\/]|$)/.test(path) && !/\p{Cc}/u.test(path)

/** A tag of its own that holds no placeholder is `fixed`: it leads to whatever was pushed last. */
const image = (text: string, { version, tag }: Named, unfilled: boolean): Reference => {
  const [named = '', digest = null, ...more] = text.split('@')
  const [host = '', ...path] = named.split('/')
  if (
    path.length === 0 ||
    !/^(?:localhost|[a-z0-9.-]+\.[a-z0-9.-]+|[a-z0-9.-]+(?=:))(?::\d{1,5})?$/i.test(host)
  )
    return other('it names no registry; write host/repository, for example docker.io/acme/checkout')
  if (more.length > 0 || (digest !== null && !/^sha(256|512):[0-9a-f]+$/.test(digest)))
    return other('what follows @ is no digest (sha256:…)')
  const last = path.pop() ?? ''
  const [name = '', own, ...rest] = last.split(':')
  const parts = [...path, name]
  if (rest.length > 0 || !parts.every((part) => component.test(part)))
    return other('its repository is not written as registries want it (small letters, digits, . _ -)')
  if (own !== undefined && !tagForm.test(own)) return other(`${own} is no tag of an image`)
  // No tag may hold a plus: build metadata is written with _ (as Helm does).
  const usual = [version, tag].map((one) => one.replaceAll('+', '_')).filter((one) => tagForm.test(one))
  return {
    kind: 'image',
    host: host.toLowerCase(),
    repository: parts.join('/'),
    tags: own === undefined ? [...new Set(usual)] : [own],
    fixed: own !== undefined && unfilled,
    digest,
  }
}

/** The registry of an image; null for what is none. */
export const registryOf = (text: string | undefined): string | null => {
  const read = text === undefined ? null : readReference(text, { version: '0.0.0', tag: '0.0.0', sha: '0' })
  return read?.kind === 'image' ? read.host : null
}
