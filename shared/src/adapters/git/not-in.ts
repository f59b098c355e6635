import { ConfigurationError } from '../../config/configuration-error.ts'
import type { Missing } from '../../ports/git.ts'
import { complaint, type RunGit } from './run-git.ts'

// A message holds no NUL, so that nothing in one can look like the next commit.
const format = '--format=%x00%H%x00%an%x00%ae%x00%aI%x00%B'
type Told = { sha: string; maker: string; message: string }

/**
 * Commits of `tip` whose patch is not in `sha`, oldest first, each with its copy there: a commit that says to be picked from
 * it (`cherry-pick -x`), or that has its author, the time they wrote it and its subject, which a pick and a rebase keep also
 * where conflicts changed the patch. A copy that was undone again is none.
 */
export const notIn = async (git: RunGit, sha: string, tip: string): Promise<Missing[]> => {
  const missing = await log(git, ['--reverse', '--cherry-pick', '--right-only'], sha, tip)
  if (missing.length === 0) return []
  const there = await log(git, ['--left-only'], sha, tip)
  const undone = new Set(
    there.flatMap(({ message }) => named(message, /^This reverts commit ([0-9a-f]{40,64})/gm)),
  )
  const standing = there.filter((commit) => !undone.has(commit.sha))
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

const log = async (git: RunGit, options: readonly string[], sha: string, tip: string): Promise<Told[]> => {
  const answer = await git(['log', format, '--no-merges', ...options, `${sha}...${tip}`, '--'])
  if (answer.code !== 0)
    throw new ConfigurationError(`git cannot compare ${sha} and ${tip}: ${complaint(answer)}`)
  const fields = answer.stdout.split('\0')
  const told: Told[] = []
  for (let at = 1; at + 4 < fields.length; at += 5) {
    const [commit = '', name, email, time, message = ''] = fields.slice(at, at + 5)
    told.push({ sha: commit, maker: `${name}\0${email}\0${time}`, message: message.trimEnd() })
  }
  return told
}
