import type { Channel } from '@relman/core/config/channels'
import type { Config } from '@relman/core/config/config'
import type { Bump, ReleaseType } from '@relman/core/plan/plan'
import type { Git } from '@relman/core/ports/git'
import type { Change } from '@relman/core/scope/change'
import { type Decision, decideVersion } from '@relman/core/version/decide-version'
import { nextPrerelease, withBuild } from '@relman/core/version/prerelease'
import { familyOf, readReleaseTag } from '@relman/core/version/release-tag'
import semver from 'semver'
import type { Range } from './find-range.ts'

export type Chosen = Decision & { tag: string }

type Ask = {
  git: Git
  sha: string
  range: Range
  changes: readonly Change[]
  policy: Config['version']
  type: ReleaseType | undefined
  blocked: ReadonlySet<string>
}

/** The version by relman's own rules, or the one that another tool has decided, as `version.from` says. */
export const chooseVersion = async (ask: Ask): Promise<Chosen> => {
  const { git, sha, range, changes, policy, type, blocked } = ask
  const decision = decideVersion(changes, range.last, policy, type, range.announced)
  const tagged = (version: string | null) => (version === null ? '' : `${range.last.prefix}${version}`)
  if (policy.from === 'relman') {
    const free =
      policy.channel === 'final'
        ? unblocked(decision, blocked)
        : await announce(decision, policy.channel, ask)
    const at = range.commits[0]
    const version =
      policy.build && free.version !== null && at ? withBuild(free.version, at.sha, at.date) : free.version
    return { ...free, version, tag: tagged(version) }
  }
  const given = await decidedElsewhere(git, sha, range, policy.from)
  if (given === null) return { ...decision, version: null, tag: '', notes: [missing[policy.from] ?? ''] }
  const before = range.previous?.version
  const bump =
    (before ? semver.diff(before, given.version)?.replace(/^pre(?=major|minor|patch)/, '') : 'minor') ??
    'patch'
  const notes = [
    `${given.where} decided ${given.version}; the changes alone say ${decision.version ?? 'no release'}`,
  ]
  return {
    version: given.version,
    tag: given.tag ?? tagged(given.version),
    bump: isBump(bump) ? bump : 'patch',
    why: decision.why,
    notes,
  }
}

const isBump = (word: string): word is Bump => ['major', 'minor', 'patch'].includes(word)

const missing: Record<string, string> = {
  tag: 'version.from is "tag", and no release tag is on the commit',
  'semantic-release': 'version.from is "semantic-release", and no release tag is on the commit',
  'release-please':
    'version.from is "release-please", and .release-please-manifest.json names no version for "."',
  changesets: 'version.from is "changesets", and package.json has no version',
}

type Given = { version: string; tag?: string; where: string }

const decidedElsewhere = async (
  git: Git,
  sha: string,
  { own }: Range,
  from: string,
): Promise<Given | null> => {
  if (from === 'tag' || from === 'semantic-release') {
    return own && { version: own.version, tag: own.name, where: `the tag ${own.name}` }
  }
  const file = from === 'release-please' ? '.release-please-manifest.json' : 'package.json'
  const key = from === 'release-please' ? '.' : 'version'
  const version = field(await git.file(sha, file), key)
  return version !== null && semver.valid(version) === version ? { version, where: file } : null
}

const field = (json: string | null, key: string): string | null => {
  try {
    const value: unknown = json === null ? null : JSON.parse(json)
    const found =
      value !== null && typeof value === 'object' && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : null
    return typeof found === 'string' ? found : null
  } catch {
    return null
  }
}

/** The decided version on a channel: `1.3.0` as `1.3.0-beta.2`. */
const announce = async (
  decision: Decision,
  channel: Channel,
  { git, sha, range, blocked }: Ask,
): Promise<Decision> => {
  if (decision.version === null) return decision
  const family = (await git.tags())
    .map(readReleaseTag)
    .filter((tag) => tag !== null)
    .filter((tag) => tag.family === familyOf(range.last.prefix))
  const { version, note } = nextPrerelease(decision.version, channel, family, { sha, taken: blocked })
  return { ...decision, version, notes: [...decision.notes, `channel ${channel}: ${note}`] }
}

/** A version that was rolled back once stays blocked, so the next one is the first that is free. */
const unblocked = (decision: Decision, blocked: ReadonlySet<string>): Decision => {
  let { version } = decision
  const notes = [...decision.notes]
  while (version !== null && blocked.has(version)) {
    const next = semver.inc(version, 'patch')
    notes.push(`${version} was rolled back and is blocked, so the version is ${next}`)
    version = next
  }
  return { ...decision, version, notes }
}

/** Versions that differ in build metadata only are one version (SemVer 2.0.0, 10). */
export const withoutBuild = (version: string): string => version.replace(/\+.*$/, '')

/** The commit that a version of this family is already tagged at; null when it is free. */
export const takenAt = async (git: Git, tag: string, sha: string): Promise<string | null> => {
  const wanted = readReleaseTag({ name: tag, sha })
  const same = (await git.tags()).filter(({ name, sha: at }) => {
    if (name === tag) return true
    const other = readReleaseTag({ name, sha: at })
    return (
      wanted !== null &&
      other !== null &&
      other.family === wanted.family &&
      withoutBuild(other.version) === withoutBuild(wanted.version)
    )
  })
  return same.find((found) => found.sha !== sha)?.sha ?? same[0]?.sha ?? null
}

/** Whether a higher final version of the family is tagged already, as on a maintenance line. */
export const higherExists = async (git: Git, tag: string, sha: string): Promise<boolean> => {
  const own = readReleaseTag({ name: tag, sha })
  if (own === null) return false
  const others = (await git.tags()).map(readReleaseTag)
  return others.some(
    (other) => other?.final === true && other.family === own.family && semver.gt(other.version, own.version),
  )
}
