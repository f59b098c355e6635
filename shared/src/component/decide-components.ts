import semver from 'semver'
import type { ComponentsPolicy } from '../config/components-policy.ts'
import type { Config } from '../config/config.ts'
import type { ReleaseType } from '../plan/plan.ts'
import type { Change } from '../scope/change.ts'
import { stronger } from '../version/bump-of.ts'
import { type Decision, decideVersion } from '../version/decide-version.ts'
import { stepBetween } from '../version/hold-line.ts'
import type { LastRelease } from '../version/last-release.ts'
import { highest, type ReleaseTag } from '../version/release-tag.ts'
import { builtFrom, groupOf } from './component-order.ts'

/** What is known of a component: where its version starts, and the changes since of it and of what it is built from. */
export type Since = { last: LastRelease; changes: readonly Change[]; announced: ReadonlySet<string> }

/**
 * The version of each component of `since`. A change of something that a component is built from is a patch of it. The
 * components of a group take the highest of their versions, counted up by the most that any of them asks for; all of a
 * group must be given. Where one of a group is released at the commit `sha` already, the others take its version. `type`
 * wins over the changes of each.
 */
export const decideComponents = (
  components: ComponentsPolicy,
  since: ReadonlyMap<string, Since>,
  policy: Config['version'],
  sha: string,
  type?: ReleaseType,
): Map<string, Decision> => {
  const alone = new Map<string, Decision>()
  for (const [name, { changes, announced }] of since) {
    const own = { through: through(components, name, changes) }
    alone.set(name, decideVersion(changes, lastOf(components, since, name), policy, type, announced, own))
  }
  const decided = new Map<string, Decision>()
  for (const [name, { changes, announced }] of since) {
    const own = alone.get(name) as Decision
    const here = releasedHere(components, since, name, sha)
    if (here) {
      decided.set(name, takeShared(here, (since.get(name) as Since).last, own))
      continue
    }
    const asking = groupOf(components, name).filter((other) => alone.get(other)?.version != null)
    const first = asking.reduce<string | null>((best, other) => {
      const level = (at: string) => alone.get(at)?.bump ?? 'none'
      return best === null || stronger(level(best), level(other)) !== level(best) ? other : best
    }, null)
    if (first === null || first === name || type !== undefined) {
      decided.set(name, own)
      continue
    }
    const level = alone.get(first)?.bump ?? 'patch'
    const why = `it shares its version with ${first} (group ${components[name]?.group}), which asks for ${level}`
    const more = { through: through(components, name, changes), least: { level, why } }
    const last = lastOf(components, since, name)
    decided.set(name, decideVersion(changes, last, policy, type, announced, more))
  }
  return decided
}

/** The highest release of a group that is on the commit already; null where there is none. */
const releasedHere = (
  components: ComponentsPolicy,
  since: ReadonlyMap<string, Since>,
  name: string,
  sha: string,
): ReleaseTag | null => {
  const group = groupOf(components, name)
  if (group.length < 2) return null
  return highest(
    group.flatMap((other) => since.get(other)?.last.final ?? []).filter((tag) => tag.sha === sha),
  )
}

const takeShared = (here: ReleaseTag, { final }: LastRelease, own: Decision): Decision => {
  const why = own.why.map((row) => ({ ...row, decides: false }))
  const note = `${here.name} is on this commit already, and its group shares one version`
  if (final && semver.gte(final.version, here.version))
    return { version: null, bump: 'none', why, notes: [note] }
  return {
    version: here.version.replace(/\+.*$/, ''),
    bump: stepBetween(final?.version, here.version) ?? 'patch',
    why,
    notes: [note],
  }
}

/** For each change that is not the component's own, by sha: what it is built from that brings it. */
const through = (
  components: ComponentsPolicy,
  name: string,
  changes: readonly Change[],
): Map<string, string> => {
  const needed = builtFrom(components, name)
  const found = new Map<string, string>()
  for (const change of changes) {
    const via = change.components.includes(name)
      ? undefined
      : change.components.find((each) => needed.has(each))
    if (via !== undefined) found.set(change.sha, via)
  }
  return found
}

/** A group starts from the highest version of its components. */
const lastOf = (
  components: ComponentsPolicy,
  since: ReadonlyMap<string, Since>,
  name: string,
): LastRelease => {
  const own = (since.get(name) as Since).last
  const all = groupOf(components, name).flatMap((other) => since.get(other)?.last ?? [])
  const final = highest(all.flatMap((last) => last.final ?? []))
  const announced = highest(all.flatMap((last) => last.announced ?? []))
  const above = announced !== null && (final === null || highest([final, announced]) === announced)
  return { ...own, final, announced: above ? announced : null }
}
