import { ConfigurationError } from '../../config/configuration-error.ts'
import type { Tag } from '../../ports/git.ts'
import { complaint, type RunGit } from './run-git.ts'

const prefix = 'refs/tags/'

/** All tags. `show-ref -d` takes the peeled commits out of packed-refs, where a dated for-each-ref opens each tag. */
export const readTags = async (git: RunGit): Promise<Tag[]> => {
  const answer = await git(['show-ref', '--tags', '-d'])
  if (answer.code > 1) throw new ConfigurationError(`git cannot list the tags: ${complaint(answer)}`)
  const tags: Tag[] = []
  for (const line of answer.stdout.split('\n')) {
    const space = line.indexOf(' ')
    if (space < 40 || !line.startsWith(prefix, space + 1)) continue
    const name = line.slice(space + 1 + prefix.length)
    const sha = line.slice(0, space)
    // The commit of an annotated tag stands in the line after it.
    if (name.endsWith('^{}')) tags[tags.length - 1] = { name: name.slice(0, -3), sha }
    else tags.push({ name, sha })
  }
  return tags
}

/** Walks history from `sha` backwards and meets tags on the way; the walk ends at `limit` of them. */
export const readTagsBehind = async (
  git: RunGit,
  sha: string,
  tags: readonly Tag[],
  limit: number,
): Promise<Tag[]> => {
  const byCommit = new Map<string, Tag[]>()
  for (const tag of tags) {
    const there = byCommit.get(tag.sha)
    if (there) there.push(tag)
    else byCommit.set(tag.sha, [tag])
  }
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
