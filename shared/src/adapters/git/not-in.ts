import { ConfigurationError } from '../../config/configuration-error.ts'
import type { Missing } from '../../ports/git.ts'
import { patchIds } from './patch-ids.ts'
import { complaint, type RunGit } from './run-git.ts'

// A message holds no NUL, so that nothing in one can look like the next commit.
const format = '--format=%x00%m%H%x00%an%x00%ae%x00%aI%x00%B'
type Told = { sha: string; same: boolean; maker: string; message: string }

/**
 * Commits of `tip` whose patch is not in `sha`, or was and was undone there, oldest first, each with its copy there: a commit that
 * says to be picked from it (`cherry-pick -x`), or that has its author, the time they wrote it and its subject, which a pick and a
 * rebase keep also where conflicts changed the patch. A copy that was undone again is none.
 */
export const notIn = async (git: RunGit, sha: string, tip: string): Promise<Missing[]> => {
  const ours = await log(git, ['--reverse', '--cherry-mark', '--right-only', `${sha}...${tip}`])
  if (ours.length === 0) return await undoneAfter(git, sha, tip)
  const there = await log(git, ['--topo-order', '--cherry-mark', '--left-only', `${sha}...${tip}`])
  const undone = undoneIn(there)
  const back = await patchesBack(git, ours, there, undone)
  const missing = ours.filter((commit) => !commit.same || back.has(commit.sha))
  return withCopies(missing, there, undone)
}

/** Those of the same patch there whose every copy was undone. */
const patchesBack = async (
  git: RunGit,
  ours: readonly Told[],
  there: readonly Told[],
  undone: ReadonlySet<string>,
): Promise<Set<string>> => {
  const same = [...ours, ...there].filter((commit) => commit.same).map((commit) => commit.sha)
  if (!same.some((commit) => undone.has(commit))) return new Set()
  const { stdout } = await git(['log', '-p', '--no-walk=unsorted', '--stdin', '--format=commit %H'], {
    input: `${same.join('\n')}\n`,
  })
  const ids = new Map((await patchIds(git, stdout)).map((one) => [one.sha, one.id]))
  const back = ours.filter((commit) => {
    const id = commit.same ? ids.get(commit.sha) : undefined
    const copies = there.filter((copy) => id !== undefined && ids.get(copy.sha) === id)
    return copies.length > 0 && copies.every((copy) => undone.has(copy.sha))
  })
  return new Set(back.map((commit) => commit.sha))
}

/** Where `tip` was merged into `sha`: what the merge brought and a later commit undid, by itself or with the merge. */
const undoneAfter = async (git: RunGit, sha: string, tip: string): Promise<Missing[]> => {
  const there = await log(git, ['--topo-order', `${tip}..${sha}`])
  const undone = undoneIn(there)
  if (undone.size === 0) return []
  const lines = async (...args: string[]) => (await git(args)).stdout.trim().split('\n')
  const behind = new Set(await lines('rev-list', '--ancestry-path', `${tip}..${sha}`))
  const line = await lines('rev-list', '--first-parent', `${tip}..${sha}`)
  const merge = line.findLast((commit) => behind.has(commit)) ?? ''
  const [before = ''] = await lines('rev-parse', '--verify', '--quiet', `${merge}^1`)
  // Of the line itself, without a merge: what was tagged with it.
  const tagged = before === tip ? await git(['describe', '--tags', '--abbrev=0', `${tip}^`]) : null
  const from = tagged === null ? before : tagged.code === 0 ? tagged.stdout.trim() : ''
  const ours = await log(git, ['--reverse', ...(from === '' ? ['--max-count=1', tip] : [`${from}..${tip}`])])
  const missing = ours.filter((commit) => undone.has(merge) || undone.has(commit.sha))
  return withCopies(missing, there, undone)
}

/** What these, newest first, revert; a revert that was itself undone reverts nothing. */
const undoneIn = (there: readonly Told[]): Set<string> => {
  const undone = new Set<string>()
  for (const { sha, message } of there)
    if (!undone.has(sha))
      for (const of of named(message, /^This reverts commit ([0-9a-f]{40,64})/gm)) undone.add(of)
  return undone
}

const withCopies = (
  missing: readonly Told[],
  there: readonly Told[],
  undone: ReadonlySet<string>,
): Missing[] => {
  const own = new Set(missing.map((commit) => commit.sha))
  const standing = there.filter(({ sha }) => !undone.has(sha) && !own.has(sha))
  const picked = new Map(
    standing.flatMap((commit) =>
      named(commit.message, /^\(cherry picked from commit ([0-9a-f]{40,64})\)$/gm).map(
        (origin) => [origin, commit.sha] as const,
      ),
    ),
  )
  const alike = new Map(standing.map((commit) => [identity(commit), commit.sha]))
  return missing.map((commit) => ({
    sha: commit.sha,
    message: commit.message,
    copy: picked.get(commit.sha) ?? alike.get(identity(commit)) ?? null,
  }))
}

const named = (message: string, pattern: RegExp): string[] =>
  [...message.matchAll(pattern)].map(([, sha = '']) => sha)

const identity = ({ maker, message }: Told): string => `${maker}\0${message.split('\n', 1)[0]}`

const log = async (git: RunGit, options: readonly string[]): Promise<Told[]> => {
  const answer = await git(['log', format, '--no-merges', ...options, '--'])
  if (answer.code !== 0)
    throw new ConfigurationError(`git cannot compare ${options.at(-1)}: ${complaint(answer)}`)
  const fields = answer.stdout.split('\0')
  const told: Told[] = []
  for (let at = 1; at + 4 < fields.length; at += 5) {
    const [marked = '', name, email, time, message = ''] = fields.slice(at, at + 5)
    const commit = { sha: marked.slice(1), same: marked.startsWith('=') }
    told.push({ ...commit, maker: `${name}\0${email}\0${time}`, message: message.trimEnd() })
  }
  return told
}
