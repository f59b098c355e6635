import { isPartial } from './is-partial.ts'
import type { RunGit } from './run-git.ts'

/** More such merges than any release has; making them again takes time. */
const mostMerges = 200

/**
 * The files in which a merge of two parents differs from what git makes of these by itself: a conflict mended by hand, a side thrown away,
 * a change slipped in. None of a merge that only joins. Null where this cannot be told: no file contents in this clone, more merges
 * than are made again, or a git before 2.35, which cannot.
 */
export const readMergePaths = async (
  git: RunGit,
  shas: readonly string[],
): Promise<Map<string, string[]> | null> => {
  if (shas.length === 0) return new Map()
  if (shas.length > mostMerges || (await isPartial(git))) return null
  const answer = await git(
    [
      ...['log', '-z', '--no-walk=unsorted', '--stdin', '--format=//%H', '--remerge-diff', '--name-only'],
      ...['--no-renames', '--no-ext-diff', '--no-textconv'],
    ],
    { input: `${shas.join('\n')}\n` },
  )
  if (answer.code !== 0) return null
  const found = new Map<string, string[]>(shas.map((sha) => [sha, []]))
  let own: string[] = []
  for (const field of answer.stdout.split('\0')) {
    const text = field.replace(/^\n/, '')
    // No path of git begins with a slash.
    if (text.startsWith('//')) own = found.get(text.slice(2)) ?? []
    else if (text !== '') own.push(text)
  }
  return found
}
