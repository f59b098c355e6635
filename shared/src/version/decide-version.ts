import semver from 'semver'
import type { Config } from '../config/config.ts'
import { ConfigurationError } from '../config/configuration-error.ts'
import type { Bump, Plan, ReleaseType } from '../plan/plan.ts'
import type { Change } from '../scope/change.ts'
import { bumpInside } from './bump-inside.ts'
import { bumpOf, stronger } from './bump-of.ts'
import type { LastRelease } from './last-release.ts'
import { type Read, reasons, strongest, unread } from './reasons.ts'

export type Decision = {
  /** null: nothing asks for a release. */
  version: string | null
  bump: Bump
  why: Plan['why']
  /** Further steps of the reasoning, one sentence each. */
  notes: string[]
}

/**
 * The next version from the changes since the last release. `type` of the caller wins over `version.type` of the
 * policy, which wins over labels, which win over commits. Without anything releasable it is a patch when something
 * changed and the policy says so, else no version. `announced` are the shas that the announced pre-release holds: the
 * version it names speaks for them already, so that only later changes can raise it. `more.through` names what brings a
 * change that is not the component's own, by sha: such a change is a patch at most. `more.least` is a level that others
 * ask for.
 */
export const decideVersion = (
  changes: readonly Change[],
  last: LastRelease,
  policy: Config['version'],
  type?: ReleaseType,
  announced: ReadonlySet<string> = new Set(),
  { through, least }: More = {},
): Decision => {
  const prefixes = [last.prefix, ...(last.prefixes ?? [])]
  const read = changes.map((change) => ({
    change,
    ...brought(bumpOf(change, policy, prefixes), through?.get(change.sha)),
    ...bumpInside(change, policy, prefixes),
  }))
  const asked = strongest(read)
  const notes: string[] = []
  const explicit = explicitBump(type) ?? policy.type
  if (explicit) {
    notes.push(
      `the ${type ? `caller asked for ${type}` : `policy says ${explicit}`}, which wins over the changes (they say ${asked})`,
    )
    return { version: next(last, explicit, notes), bump: explicit, why: reasons(read, null), notes }
  }
  const own = quiet(asked, read, policy, notes)
  const bump = stronger(own, least?.level ?? 'none')
  if (least && bump !== own) notes.splice(0, notes.length, least.why)
  if (bump === 'none') return { version: null, bump, why: reasons(read, null), notes }
  const later = last.announced ? read.filter(({ change }) => !announced.has(change.sha)) : read
  const since = stronger(strongest(later), least?.level ?? 'patch')
  const shifted = shift(last.announced ? since : bump, last, policy, notes)
  const version = next(last, shifted, notes)
  const kept = last.announced !== null && coreOf(last.announced.version) === version
  const real = kept ? (difference(last, version) ?? shifted) : shifted
  const level = kept ? real : strongest(later)
  return {
    version,
    bump: real,
    why: reasons(read, bump === own ? level : null, kept ? read : later),
    notes: [...notes, ...unread(read, level)],
  }
}

type More = { through?: ReadonlyMap<string, string>; least?: { level: Bump; why: string } }

const brought = ({ level, rule }: ReturnType<typeof bumpOf>, via: string | undefined) => {
  if (via === undefined) return { level, rule }
  return level === 'none'
    ? { level, rule: `${rule}, in ${via}` }
    : { level: 'patch' as const, rule: `${rule}, in ${via}, which this is built from: a patch` }
}

const explicitBump = (type: ReleaseType | undefined): Bump | undefined =>
  type === 'hotfix' || type === 'security' ? 'patch' : type

const quiet = (asked: Bump, read: readonly Read[], policy: Config['version'], notes: string[]): Bump => {
  if (asked !== 'none') return asked
  const standing = read.filter(({ change, rule }) => !change.reverted && rule.startsWith('type '))
  if (standing.length === 0 || policy.quiet === 'none') {
    notes.push(read.length === 0 ? 'nothing changed since the last release' : 'no change asks for a release')
    return 'none'
  }
  notes.push('no change asks for more than housekeeping; the policy (version.quiet) makes that a patch')
  return 'patch'
}

const shift = (bump: Bump, last: LastRelease, policy: Config['version'], notes: string[]): Bump => {
  const before = last.final?.version
  const stable = before ? semver.major(before) > 0 : last.announced !== null
  if (bump !== 'major' || stable || policy.zero === 'strict') return bump
  notes.push('before 1.0.0 a breaking change is a minor (version.zero: shift)')
  return 'minor'
}

const difference = (last: LastRelease, version: string): Bump | null => {
  const found = last.final && semver.diff(coreOf(last.final.version), version)
  return found === 'major' || found === 'minor' || found === 'patch' ? found : null
}

const next = (last: LastRelease, bump: Bump, notes: string[]): string => {
  const computed = last.final ? increase(last.final.version, bump) : first(last, bump, notes)
  const core = last.announced && coreOf(last.announced.version)
  if (!core || !semver.gt(core, computed)) return computed
  notes.push(`${last.announced?.name} announced ${core}, so it is not lower than that`)
  return core
}

const first = (last: LastRelease, bump: Bump, notes: string[]): string => {
  if (!last.announced)
    notes.push('there is no earlier release: the first one is 0.1.0, or 1.0.0 when major is asked for')
  return bump === 'major' && !last.announced ? '1.0.0' : '0.1.0'
}

const coreOf = (version: string): string => version.replace(/[-+].*$/, '')

const increase = (version: string, bump: Bump): string => {
  const result = semver.inc(coreOf(version), bump === 'none' ? 'patch' : bump)
  if (result === null)
    throw new ConfigurationError(`${version} cannot be counted up: it is beyond what a version may be`)
  return result
}
