import type { Channel } from '@relman/core/config/channels'
import type { Config } from '@relman/core/config/config'
import type { ReleaseType } from '@relman/core/plan/plan'
import type { Git } from '@relman/core/ports/git'
import type { Change } from '@relman/core/scope/change'
import { type Decision, decideVersion } from '@relman/core/version/decide-version'
import { type Beyond, holdLine, stepBetween } from '@relman/core/version/hold-line'
import { nextPrerelease, withBuild } from '@relman/core/version/prerelease'
import { lineFollows, readLine } from '@relman/core/version/release-line'
import { familyOf, isHigher, readReleaseTag, releaseTags } from '@relman/core/version/release-tag'
import semver from 'semver'
import type { Range } from './find-range.ts'
import { type Given, givenVersion } from './given-version.ts'

export type Chosen = Decision & { tag: string }

/** The version cannot be released; a sentence with the way out. */
export type Refused = {
  refused: string
  reasonCode: 'beyond-line' | 'version-contradiction'
  version: string
}

type Ask = {
  git: Git
  sha: string
  range: Range
  changes: readonly Change[]
  policy: Config['version']
  type: ReleaseType | undefined
  blocked: ReadonlySet<string>
  /** The branch that is released from; null when it is not known. */
  branch?: string | null
  /** The input `version`. */
  given?: string
  /** What the changes ask for, where that is decided already. */
  decision?: Decision
  /** The component, where there are several, and the families of all that share its version. */
  component?: { name: string; path: string }
  families?: readonly string[]
}

/** The version by relman's own rules, or the one that another tool has decided, as `version.from` says. */
export const chooseVersion = async (ask: Ask): Promise<Chosen | Refused> => {
  const { git, sha, range, changes, policy, type, blocked } = ask
  const decision = ask.decision ?? decideVersion(changes, range.last, policy, type, range.announced)
  const given = await givenVersion({
    git,
    sha,
    range,
    from: policy.from,
    given: ask.given ?? '',
    component: ask.component ?? null,
  })
  if (given) return takeGiven(given, decision, ask)
  const held = onLine(decision, ask)
  if ('beyond' in held)
    return { refused: held.beyond, reasonCode: 'beyond-line', version: decision.version ?? '' }
  const free =
    policy.channel === 'final' ? unblocked(held, blocked) : await announce(held, policy.channel, ask)
  const at = range.commits[0]
  const version =
    policy.build && free.version !== null && at ? withBuild(free.version, at.sha, at.date) : free.version
  return { ...free, version, tag: version === null ? '' : `${range.last.prefix}${version}` }
}

const onLine = (decision: Decision, { branch, policy, component, range }: Ask): Decision | Beyond => {
  const line = branch ? readLine(branch, policy.lines, component?.name ?? null) : null
  return line && lineFollows(line, range.last) ? holdLine(decision, line, range.last) : decision
}

/** Takes another tool's version, unless git says otherwise: what is released already, or what would go back. */
const takeGiven = async (
  given: Given,
  decision: Decision,
  { git, sha, range, blocked }: Ask,
): Promise<Chosen | Refused> => {
  if ('none' in given) return { ...decision, version: null, tag: '', notes: [given.none] }
  const { version, where, notes = [] } = given
  const tag = given.tag ?? `${range.last.prefix}${version}`
  const exact = (await git.tags()).find(({ name }) => name === tag)
  const last = range.last.final
  const behind = exact !== undefined && exact.sha !== sha && (await git.isAncestor(exact.sha, sha))
  if (behind || (last && withoutBuild(last.version) === withoutBuild(version))) {
    const none = `${where} says ${version}, which is released already (${behind ? tag : last?.name}); nothing newer has been decided`
    return { ...decision, version: null, tag: '', notes: [none] }
  }
  if (blocked.has(withoutBuild(version)))
    return {
      refused: `${where} says ${version}, which was rolled back and is blocked: let the tool decide another version`,
      reasonCode: 'version-contradiction',
      version,
    }
  if (last && semver.lt(version, last.version))
    return {
      refused: `${where} says ${version}, and ${last.name} is behind this commit: a version does not go back; let the tool decide again, or set from`,
      reasonCode: 'version-contradiction',
      version,
    }
  return {
    version,
    tag,
    bump: stepBetween(range.previous?.version, version) ?? (range.previous ? 'patch' : 'minor'),
    why: decision.why.map((row) => ({ ...row, decides: false })),
    notes: [
      `${where} decided ${version}; the changes alone say ${decision.version ?? 'no release'}`,
      ...notes,
    ],
  }
}

/** The decided version on a channel: `1.3.0` as `1.3.0-beta.2`. */
const announce = async (
  decision: Decision,
  channel: Channel,
  { git, sha, range, blocked, families }: Ask,
): Promise<Decision> => {
  if (decision.version === null) return decision
  const family = releaseTags(await git.tags()).filter((tag) =>
    (families ?? [familyOf(range.last.prefix)]).includes(tag.family),
  )
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
export const withoutBuild = (version: string): string => version.split('+', 1)[0] ?? ''

/** The commit that a version of this family is already tagged at; null when it is free. */
export const takenAt = async (git: Git, tag: string, sha: string): Promise<string | null> => {
  const wanted = readReleaseTag({ name: tag, sha })
  const tags = await git.tags()
  const alike = new Set(
    releaseTags(tags)
      .filter(
        ({ family, version }) =>
          family === wanted?.family && withoutBuild(version) === withoutBuild(wanted.version),
      )
      .map(({ name }) => name),
  )
  const same = tags.filter(({ name }) => name === tag || alike.has(name))
  return same.find((found) => found.sha !== sha)?.sha ?? same[0]?.sha ?? null
}

/** Whether a higher final version of the family is tagged already, as on a maintenance line. */
export const higherExists = async (git: Git, tag: string, sha: string): Promise<boolean> => {
  const own = readReleaseTag({ name: tag, sha })
  if (own === null) return false
  return releaseTags(await git.tags()).some(
    (other) => other.final && other.family === own.family && isHigher(other.version, own.version),
  )
}
