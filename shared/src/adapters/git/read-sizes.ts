import type { FileSize } from '../../ports/git.ts'
import { isPartial } from './is-partial.ts'
import type { RunGit } from './run-git.ts'

const number = (text: string | undefined): number => (text === undefined || text === '-' ? 0 : Number(text))

/** Comparing large files may take long, and a plan does not wait for their lines. */
const patienceMilliseconds = 20_000

/**
 * Lines added and deleted by each commit against its first parent; none of binary files and of files above 2 MB. Null
 * where the clone was made without file contents: git would fetch them one by one. Where it takes longer than 20 s, the
 * rest is missing.
 */
export const readSizes = async (
  git: RunGit,
  shas: readonly string[],
): Promise<Map<string, FileSize[]> | null> => {
  if (shas.length === 0) return new Map()
  if (await isPartial(git)) return null
  const chunks: string[] = []
  const end = Date.now() + patienceMilliseconds
  let late = false
  const answer = await git(
    [
      // Above this git takes a file for binary without opening it: data, not code that anybody wrote.
      '-c',
      'core.bigFileThreshold=2m',
      'log',
      '-z',
      '--no-walk=unsorted',
      '--stdin',
      '--format=%H',
      '--numstat',
      '--no-renames',
      '--no-ext-diff',
      '--no-textconv',
      '--diff-merges=first-parent',
    ],
    {
      input: `${shas.join('\n')}\n`,
      until: (chunk) => {
        chunks.push(chunk)
        late ||= Date.now() > end
        return late
      },
    },
  )
  if (answer.code !== 0) return null
  const sizes = new Map<string, FileSize[]>()
  let files: FileSize[] = []
  let last = ''
  for (const field of chunks.join('').split('\0')) {
    const text = field.replace(/^\n/, '')
    if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text)) {
      files = []
      sizes.set(text, files)
      last = text
      continue
    }
    const [added, deleted, ...path] = text.split('\t')
    if (path.length > 0) files.push({ path: path.join('\t'), added: number(added), deleted: number(deleted) })
  }
  // It was cut off within this one.
  if (late) sizes.delete(last)
  return sizes
}
