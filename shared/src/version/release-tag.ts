import semver from 'semver'

/** A tag and the commit it leads to (annotated tags are peeled). */
export type Tag = { name: string; sha: string }

/** A tag that names a version. `family` is what stands before it; `v1.0.0` and `1.0.0` are of one family, ''. */
export type ReleaseTag = Tag & { family: string; prefix: string; version: string; final: boolean }

const shape = /^(.*?[^0-9.])?(\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)$/

const plain = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)$/
const usual = /^v?(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})$/

/** Reads `v1.2.3`, `1.2.3`, `pkg@1.2.3`, `pkg/v1.2.3`, `release-1.2.3`; null for anything else, `v1` included. */
export const readReleaseTag = (tag: Tag): ReleaseTag | null => {
  const { name, sha } = tag
  if (name.length > 250) return null
  // Repositories have thousands of tags, most of them plain ones.
  if (usual.test(name)) {
    const prefix = name.startsWith('v') ? 'v' : ''
    return { name, sha, prefix, family: '', version: name.slice(prefix.length), final: true }
  }
  const match = shape.exec(name)
  const parsed = match && semver.parse(match[2])
  if (!match || !parsed) return null
  const prefix = match[1] ?? ''
  const build = parsed.build.length > 0 ? `+${parsed.build.join('.')}` : ''
  return {
    name,
    sha,
    prefix,
    family: familyOf(prefix),
    version: parsed.version + build,
    final: parsed.prerelease.length === 0,
  }
}

const known = new WeakMap<readonly Tag[], readonly ReleaseTag[]>()

/** The tags of a list that name a version, in its order. One list is read once, however often it is asked about. */
export const releaseTags = (tags: readonly Tag[]): readonly ReleaseTag[] => {
  const read = known.get(tags) ?? tags.map(readReleaseTag).filter((tag) => tag !== null)
  known.set(tags, read)
  return read
}

/** `v` before the number is a habit, not a name: `pkg/v` and `pkg/` are one family. */
export const familyOf = (prefix: string): string => prefix.replace(/(^|[^A-Za-z])[vV]$/, '$1')

/**
 * The family that a release of this service belongs to, from the tags nearest to it: plain versions where there are
 * any to speak of (one in ten, or as many as a package has on average), else the service's own name, else the most
 * frequent, the nearest first among equals. Final versions say more than pre-releases, so they are asked first.
 */
export const inferFamily = (nearest: readonly ReleaseTag[], service: string): string => {
  const finals = nearest.filter((tag) => tag.final)
  const asked = finals.length > 0 ? finals : nearest
  const counts = new Map<string, number>()
  for (const { family } of asked) counts.set(family, (counts.get(family) ?? 0) + 1)
  const plain = counts.get('') ?? 0
  if (plain > 0 && (plain * 10 >= asked.length || plain * counts.size >= asked.length)) return ''
  const named = [...counts.keys()].find(
    (family) => family.replace(/[@/_-]+$/, '').toLowerCase() === service.toLowerCase(),
  )
  if (named !== undefined) return named
  const most = [...counts].reduce<[string, number]>(
    (best, entry) => (entry[1] > best[1] ? entry : best),
    ['', 0],
  )
  return most[0]
}

/** The highest by semver precedence; null when there is none. */
export const highest = (tags: readonly ReleaseTag[]): ReleaseTag | null =>
  tags.reduce<ReleaseTag | null>(
    (best, tag) => (best === null || isHigher(tag.version, best.version) ? tag : best),
    null,
  )

/** Whether one version comes after another by semver precedence. */
export const isHigher = (version: string, other: string): boolean => {
  if (!plain.test(version) || !plain.test(other)) return semver.gt(version, other)
  // Of two plain ones the first number that differs decides: the longer, else the greater one is higher.
  let at = 0
  while (at < version.length && version[at] === other[at]) at += 1
  const [end, otherEnd] = [endOfNumber(version, at), endOfNumber(other, at)]
  return end === otherEnd ? (version[at] ?? '') > (other[at] ?? '') : end > otherEnd
}

const endOfNumber = (version: string, at: number): number => {
  const dot = version.indexOf('.', at)
  return dot < 0 ? version.length : dot
}
