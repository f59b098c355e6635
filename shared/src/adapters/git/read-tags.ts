import { ConfigurationError } from '../../config/configuration-error.ts'
import type { Tag } from '../../ports/git.ts'
import { complaint, type RunGit } from './run-git.ts'

const prefix = 'refs/tags/'

/** All tags. `show-ref -d` takes the peeled commits out of packed-refs, where a dated for-each-ref opens each tag. */
export const readTags = async (git: RunGit): Promise<Tag[]> => {
  const answer = await git(['show-ref', '--tags', '-d'])
  if (answer.code > 1) throw new ConfigurationError(`git cannot list the tags: ${complaint(answer)}`)
  const commits = new Map<string, string>()
  for (const line of answer.stdout.split('\n')) {
    const space = line.indexOf(' ')
    const ref = line.slice(space + 1)
    if (space < 40 || !ref.startsWith(prefix)) continue
    commits.set(ref.slice(prefix.length).replace(/\^\{\}$/, ''), line.slice(0, space))
  }
  return [...commits].map(([name, sha]) => ({ name, sha }))
}

/** Walks history from `sha` backwards and meets tags on the way; the walk ends at `limit` of them. */
export const readTagsBehind = async (
  git: RunGit,
  sha: string,
  tags: readonly Tag[],
  limit: number,
): Promise<Tag[]> => {
  const byCommit = new Map<string, Tag[]>()
  for (const tag of tags) byCommit.set(tag.sha, [...(byCommit.get(tag.sha) ?? []), tag])
  const found: Tag[] = []
  if (byCommit.size === 0) return found
  let rest = ''
  const answer = await git(['rev-list', sha], {
    until: (chunk) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) found.push(...(byCommit.get(line) ?? []))
      return found.length >= limit
    },
  })
  if (answer.code !== 0)
    throw new ConfigurationError(`git cannot walk the history of ${sha}: ${complaint(answer)}`)
  return found
}
