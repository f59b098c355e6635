import semver from 'semver'
import { z } from 'zod'
import { ConfigurationError } from '../config/configuration-error.ts'
import { readYaml } from '../config/read-yaml.ts'
import type { Bump } from '../plan/plan.ts'
import { stronger } from './bump-of.ts'

/** A pending change file: its name without `.md` and what it asks for, by package. `pre/…` was used in pre mode. */
export type Changeset = { id: string; asks: Record<string, Bump> }

/** A package of the workspace as its package.json has it. `needs` are its ranges of other packages. */
export type Package = {
  name: string
  version: string
  private: boolean
  needs: { name: string; range: string; peer: boolean }[]
}

export type ChangesetsConfig = {
  fixed: readonly (readonly string[])[]
  linked: readonly (readonly string[])[]
  ignore: readonly string[]
  /** Whether private packages have versions. */
  private: boolean
  /** Whether every dependent follows, also where its range still holds. */
  always: boolean
  /** How dependents by peer dependency follow a minor or major: 2.x as a major (or only where out of range), 3.x a patch. */
  peers: 'major' | 'major-out-of-range' | 'patch'
}

/** Pre mode (`.changeset/pre.json`); `used` are the change files that its pre-releases hold. */
export type PreMode = { mode: 'pre' | 'exit'; tag: string; used: readonly string[] }

/** A package as changesets will release it, and what says so: change files, else the packages it follows. */
export type ChangesetRelease = { name: string; from: string; bump: Bump; version: string; why: string[] }

const levels = z.record(z.string(), z.enum(['major', 'minor', 'patch', 'none']))
/**
 * Reads one `.changeset/<id>.md`.
 *
 * @throws ConfigurationError that names file and place
 */
export const readChangeset = (text: string, file: string, id: string): Changeset => {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const from = lines.findIndex((line) => line.trim() !== '')
  const to = lines.findIndex((line, index) => index > from && line.trim() === '---')
  if (lines[from]?.trim() !== '---' || to < 0)
    throw new ConfigurationError('begins without --- and the packages that it is about', { file })
  // Empty lines in place of what is before, so that faults name the line of the file.
  const front = [...lines.slice(0, from + 1).map(() => ''), ...lines.slice(from + 1, to)]
  return { id, asks: readYaml(front.join('\n'), file, levels).value }
}

type Open = { name: string; from: string; bump: Bump; why: string[] }

/**
 * What `changeset version` would make of pending change files: the releases by package name. Held against the program
 * itself (2.31 and 3.0) in the tests.
 *
 * @throws ConfigurationError for a change file about a package that is not known
 */
export const changesetReleases = (
  packages: readonly Package[],
  changesets: readonly Changeset[],
  config: ChangesetsConfig,
  pre: PreMode | null,
): Map<string, ChangesetRelease> => {
  const known = new Map(packages.map((each) => [each.name, each]))
  const skipped = (name: string) =>
    config.ignore.includes(name) || (!config.private && known.get(name)?.private === true)
  const open = new Map<string, Open>()
  const release = (name: string, bump: Bump, from: string, why: string[]): boolean => {
    const before = open.get(name)
    if (before && before.bump === bump && before.from === from) return false
    open.set(name, { name, from, bump, why: [...new Set([...(before?.why ?? []), ...why])] })
    return true
  }
  for (const { id, asks } of relevant(changesets, pre))
    for (const [name, bump] of Object.entries(asks)) {
      const found = known.get(name)
      if (!found)
        throw new ConfigurationError(
          `is about "${name}", which is no package here; known are ${[...known.keys()].slice(0, 20).join(', ')}`,
          { file: `.changeset/${id}.md` },
        )
      if (skipped(name)) continue
      release(name, stronger(open.get(name)?.bump ?? 'none', bump), found.version, [`.changeset/${id}.md`])
    }
  const numbers = preNumbers(packages, config)
  const versionOf = ({ name, from, bump }: Open): string => {
    if (bump === 'none') return from
    const core = semver.inc(from, bump) ?? from
    return pre?.mode === 'pre' ? `${core}-${pre.tag}.${numbers.get(name) ?? 0}` : core
  }
  const released = (names: readonly string[]): Open[] =>
    names.flatMap((name) => open.get(name) ?? []).filter(({ bump }) => bump !== 'none')
  const follow = (): boolean => {
    let changed = false
    for (const dependent of packages)
      for (const { name, range, peer } of dependent.needs) {
        const needed = open.get(name)
        const own = open.get(dependent.name)?.bump ?? 'none'
        if (!needed || needed.bump === 'none' || skipped(dependent.name)) continue
        const now = known.get(name)?.version ?? ''
        const bare = plainRange(range, now)
        // What is out of range before is not taken from the workspace.
        if (!semver.satisfies(now, bare)) continue
        const holds = semver.satisfies(versionOf(needed), bare)
        const why = [`needs ${name}, which becomes ${versionOf(needed)}`]
        const strict = config.peers === 'major' || (config.peers === 'major-out-of-range' && !holds)
        const major = peer && needed.bump !== 'patch' && strict
        if (major && own !== 'major')
          changed = release(dependent.name, 'major', dependent.version, why) || changed
        else if (!major && own === 'none' && (config.always || !holds))
          changed = release(dependent.name, 'patch', dependent.version, why) || changed
      }
    return changed
  }
  const share = (group: readonly string[], all: boolean): boolean => {
    const asking = released(group)
    if (asking.length === 0) return false
    const bump = asking.reduce<Bump>((most, each) => stronger(most, each.bump), 'none')
    const from = group.map((name) => known.get(name)?.version ?? '0.0.0').sort(semver.rcompare)[0] ?? '0.0.0'
    const members = all ? group.filter((name) => !skipped(name)) : asking.map(({ name }) => name)
    const why = [`shares its version with ${asking.map(({ name }) => name).join(', ')}`]
    return members.map((name) => release(name, bump, from, open.has(name) ? [] : why)).some(Boolean)
  }
  for (let again = true; again; ) {
    const followed = follow()
    const fixed = config.fixed.map((group) => share(group, true)).some(Boolean)
    const linked = config.linked.map((group) => share(group, false)).some(Boolean)
    again = followed || fixed || linked
  }
  if (pre?.mode === 'exit')
    for (const { name, version } of packages)
      if (!skipped(name) && (open.get(name)?.bump ?? 'none') === 'none' && (numbers.get(name) ?? 0) > 0)
        release(name, 'patch', version, ['leaves pre mode'])
  return new Map(
    [...open.values()]
      .filter(({ bump }) => bump !== 'none')
      .map((each) => [each.name, { ...each, version: versionOf(each) }]),
  )
}

/** The change files that count: in pre mode those that no pre-release holds yet, else all. */
const relevant = (changesets: readonly Changeset[], pre: PreMode | null): Changeset[] =>
  changesets.filter(({ id }) => pre?.mode !== 'pre' || (!id.startsWith('pre/') && !pre.used.includes(id)))

/** The next counter of each package: one more than it has, the same in a group. */
const preNumbers = (
  packages: readonly Package[],
  { fixed, linked }: ChangesetsConfig,
): Map<string, number> => {
  const numbers = new Map(
    packages.map(({ name, version }) => {
      const last = semver.parse(version)?.prerelease[1]
      return [name, typeof last === 'number' ? last + 1 : 0]
    }),
  )
  for (const group of [...fixed, ...linked]) {
    const most = Math.max(0, ...group.map((name) => numbers.get(name) ?? 0))
    for (const name of group) numbers.set(name, most)
  }
  return numbers
}

const plainRange = (range: string, version: string): string => {
  const found = /^workspace:(.*)$/.exec(range)?.[1]
  if (found === undefined) return range
  return found === '*' ? version : found === '^' || found === '~' ? `${found}${version}` : found
}
