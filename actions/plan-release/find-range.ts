import type { Config } from '@relman/core/config/config'
import type { Plan } from '@relman/core/plan/plan'
import type { Commit, Git } from '@relman/core/ports/git'
import { unfold } from '@relman/core/scope/unfold-merges'
import { type LastRelease, lastRelease } from '@relman/core/version/last-release'
import {
  familyOf,
  highest,
  inferFamily,
  type ReleaseTag,
  readReleaseTag,
  releaseTags,
} from '@relman/core/version/release-tag'
import { readShortTag, shortTagsAbove } from '@relman/core/version/short-tag'
import semver from 'semver'

export type Range = {
  last: LastRelease
  previous: Plan['previous']
  commits: Commit[]
  /** The shas of the range that the announced pre-release holds already. */
  announced: ReadonlySet<string>
  /** The release tag on the commit itself, when it has one. */
  own: ReleaseTag | null
  /** How many commits since the last release a start by hand leaves out; they ship all the same. */
  hidden: number
  /** These, newest first. */
  left: Commit[]
  gaps: string[]
}

type Ask = {
  git: Git
  sha: string
  from: string
  policy: Config['version']
  service: string
  /** A version that the caller gives; its tag on the commit is not the release before. */
  given?: string
}

const nearest = 150
const enough = 20

/** The last release behind a commit and every commit since. `from` sets the start by hand. */
export const findRange = async ({ git, sha, from, policy, service, given = '' }: Ask): Promise<Range> => {
  const prefix = policy.prefix
  const tagsBehind = await familyBehind(git, sha, prefix, service)
  const own = highest(tagsBehind.filter((tag) => tag.sha === sha))
  const start = from === '' ? null : await startAt(git, from, prefix, service)
  const decided = policy.from !== 'relman'
  const earlier = (tag: ReleaseTag) => tag.sha !== sha || (!decided && tag.version !== given)
  const before = lastRelease(tagsBehind.filter(earlier), prefix, service)
  const full = async () => releasedBeside(git, before)
  const found = start?.last ?? (await withShort({ git, sha, prefix, earlier }, await full()))
  const last = { ...found, prefixes: [...new Set(read(await git.tags()).map((tag) => tag.prefix))] }
  const base = start ? start.sha : (last.final?.sha ?? null)
  const { commits, gaps } = await readCommits(git, base, sha)
  if (start && !(await git.isAncestor(start.sha, sha)))
    gaps.push(
      `${from} is not behind the commit to release: what only ${from} holds is not part of this range`,
    )
  const { final } = last
  const released = start && before.final
  const left = released ? await leftOut(git, { released: released.sha, from: start.sha, sha }) : []
  const hidden = left.length
  if (hidden > 0)
    gaps.push(
      `${hidden} ${hidden === 1 ? 'commit' : 'commits'} since ${released?.name} before ${from} ${hidden === 1 ? 'ships' : 'ship'} too (input "from"): nobody lists or judges what is in them, so the risk is high`,
    )
  if (final && readReleaseTag(final) === null)
    gaps.push(
      `the tag ${final.name} is read as ${final.version}: so its artifact is named, and so the way back asks for it; the next tag has three numbers`,
    )
  if (!start && final === null && last.announced === null) gaps.push(...(await unreadTags(git)))
  return {
    last,
    previous: final && { version: final.version, tag: final.name, sha: final.sha },
    commits,
    announced: await shasOf(git, base, last.announced?.sha),
    own,
    hidden,
    left,
    gaps,
  }
}

/** Where no release is known, tags that look like one: to plan the whole history as the first release may be wrong. */
const unreadTags = async (git: Git): Promise<string[]> => {
  const unread = (await git.tags()).filter((tag) => /\d\.\d/.test(tag.name) && readReleaseTag(tag) === null)
  if (unread.length === 0) return []
  const names = unread.slice(0, 3).map(({ name }) => name.slice(0, 80))
  const more = unread.length > names.length ? ` and ${unread.length - names.length} more` : ''
  return [
    `this counts as the first release, but tags look like versions and are not read: ${names.join(', ')}${more}; a release tag ends in three numbers without leading zeros`,
  ]
}

type Between = { released: string; from: string; sha: string }

const leftOut = async (git: Git, { released, from, sha }: Between): Promise<Commit[]> => {
  const before = await git.commits(released, from)
  if (before.length === 0) return []
  const ships = new Set((await git.commits(released, sha)).map((commit) => commit.sha))
  return before.filter((commit) => ships.has(commit.sha))
}

/**
 * Where main only announces (`v2.1.0-next.0`) and final versions are cut on release branches, the release before the
 * announced one is not behind the commit: it is the highest final version below it, wherever it is.
 */
const releasedBeside = async (git: Git, last: LastRelease): Promise<LastRelease> => {
  const { announced, final } = last
  if (announced === null) return last
  const beside = read(await git.tags()).filter(
    (tag) => tag.final && tag.family === announced.family && semver.lt(tag.version, announced.version),
  )
  return { ...last, final: highest(final === null ? beside : [final, ...beside]) }
}

type Short = { git: Git; sha: string; prefix: string | undefined; earlier: (tag: ReleaseTag) => boolean }

/** Where the last releases were tagged `v4.3`: the highest such tag between the last version in full and the commit. */
const withShort = async ({ git, sha, prefix, earlier }: Short, last: LastRelease): Promise<LastRelease> => {
  const { final } = last
  const above = new Map(
    shortTagsAbove(await git.tags(), familyOf(last.prefix), final)
      .filter(earlier)
      .map((tag) => [tag.name, tag]),
  )
  if (above.size === 0) return last
  const behind = await git.tagsBehind(sha, { limit: enough, among: [...above.values()] })
  const own = highest(behind.map(({ name }) => above.get(name)).filter((tag) => tag !== undefined))
  // Another way of counting that was given up before the last version is no release after it.
  if (own === null || (final !== null && !(await git.isAncestor(final.sha, own.sha)))) return last
  const announced = last.announced && semver.gt(last.announced.version, own.version) ? last.announced : null
  return { ...last, final: own, announced, prefix: prefix ?? own.prefix }
}

const shasOf = async (git: Git, base: string | null, tip: string | undefined): Promise<Set<string>> =>
  new Set(tip === undefined ? [] : (await git.commits(base, tip)).map(({ sha }) => sha))

/**
 * Release tags behind a commit: those nearest to it tell the family, and the nearest final versions of the family its
 * highest one, however many nightly builds or other packages stand between.
 */
const familyBehind = async (
  git: Git,
  sha: string,
  prefix: string | undefined,
  service: string,
): Promise<ReleaseTag[]> => {
  const all = releaseTags(await git.tags())
  const near = read(await git.tagsBehind(sha, { limit: nearest, among: all }))
  const family = prefix === undefined ? inferFamily(near, service) : familyOf(prefix)
  const own = near.filter((tag) => tag.family === family)
  if (near.length < nearest || own.filter((tag) => tag.final).length >= enough) return own
  const finals = all.filter((tag) => tag.final && tag.family === family)
  const known = new Set(own.map(({ name }) => name))
  const more = read(await git.tagsBehind(sha, { limit: enough, among: finals }))
  return [...own, ...more.filter(({ name }) => !known.has(name))]
}

const read = (tags: readonly { name: string; sha: string }[]): ReleaseTag[] => [...releaseTags(tags)]

const startAt = async (git: Git, from: string, prefix: string | undefined, service: string) => {
  const sha = await git.resolve(from)
  const tag = { name: from.replace(/^refs\/tags\//, ''), sha }
  const named = readReleaseTag(tag) ?? readShortTag(tag)
  const behind = named ? [named] : await familyBehind(git, sha, prefix, service)
  return { sha, last: lastRelease(behind, named ? named.prefix : prefix, service) }
}

/**
 * A merge that brings no commit of the range joins what was released already, as that of a maintenance branch into main: what it
 * changes is what git would not have made of its two sides, not what is new to one of them.
 */
const withOwnPaths = async (git: Git, commits: Commit[]): Promise<Commit[]> => {
  const joins = unfold(commits)
    .filter(({ commit, inner }) => commit.parents.length === 2 && inner.length === 0)
    .map(({ commit }) => commit.sha)
  const own = joins.length === 0 ? null : await git.mergePaths(joins)
  return own === null
    ? commits
    : commits.map((commit) => ({ ...commit, paths: own.get(commit.sha) ?? commit.paths }))
}

/** With the paths of each commit; without them, and a gap, where the clone does not hold what git needs for that. */
const readCommits = async (
  git: Git,
  from: string | null,
  to: string,
): Promise<{ commits: Commit[]; gaps: string[] }> => {
  try {
    return { commits: await withOwnPaths(git, await git.commits(from, to, { paths: true })), gaps: [] }
  } catch {
    const gap =
      'the files of the changes could not be read from this clone (a partial one?); risk is judged without them'
    return { commits: await git.commits(from, to), gaps: [gap] }
  }
}
