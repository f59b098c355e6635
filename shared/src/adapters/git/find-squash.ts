import { isPartial } from './is-partial.ts'
import { patchIds } from './patch-ids.ts'
import type { RunGit } from './run-git.ts'

/** What one look may cost: commits of the line that touch the same files, characters of their patches, and time. */
const mostCommits = 1_000
const mostCharacters = 40_000_000
const patienceMilliseconds = 10_000

const patch = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-renames',
  '--no-color',
  '--full-index',
  '--unified=3',
  '--src-prefix=a/',
  '--dst-prefix=b/',
]

/**
 * The commit of the first-parent line of `sha` whose patch, of the files that the commits touch, is the patch of them together
 * (git patch-id: file names, lines and the three around them). Null without one: also for binary files, which have no lines, and
 * where looking would take too long. Merges count as what they bring; what was undone again is none.
 */
export const findSquash = async (
  git: RunGit,
  sha: string,
  commits: readonly string[],
): Promise<string | null> => {
  const [first, last] = [commits[0], commits.at(-1)]
  if (first === undefined || last === undefined || (await isPartial(git))) return null
  const base = (await git(['rev-parse', '--verify', '--quiet', `${first}^`])).stdout.trim()
  const fork = (await git(['merge-base', sha, last])).stdout.trim()
  if (base === '' || fork === '') return null
  const touched = await git(
    ['log', '-z', '--no-walk=unsorted', '--stdin', '--format=', '--name-only', '--no-renames'],
    { input: `${commits.join('\n')}\n` },
  )
  const paths = [...new Set(touched.stdout.split('\0').map((path) => path.replace(/^\n/, '')))].filter(
    (path) => path !== '',
  )
  if (touched.code !== 0 || paths.length === 0 || paths.length > mostCommits) return null
  const whole = await git(['diff', ...patch, base, last, '--', ...paths])
  if (whole.code !== 0 || /^Binary files /m.test(whole.stdout)) return null
  const [wanted] = await patchIds(git, whole.stdout)
  if (wanted === undefined) return null
  const line = await patches(git, fork, sha, paths)
  if (line === null) return null
  const found = (await patchIds(git, line)).filter(({ id }) => id === wanted.id).map((each) => each.sha)
  return found.length === 0 ? null : ((await standing(git, fork, sha, found)) ?? null)
}

const patches = async (
  git: RunGit,
  fork: string,
  sha: string,
  paths: readonly string[],
): Promise<string | null> => {
  const chunks: string[] = []
  const end = Date.now() + patienceMilliseconds
  let left = mostCharacters
  let late = false
  const answer = await git(
    [
      ...['log', '-p', '--first-parent', '--diff-merges=first-parent', `--max-count=${mostCommits}`],
      ...['--format=commit %H', ...patch, `${fork}..${sha}`, '--', ...paths],
    ],
    {
      until: (chunk) => {
        chunks.push(chunk)
        left -= chunk.length
        late ||= left < 0 || Date.now() > end
        return late
      },
    },
  )
  return late || answer.code !== 0 ? null : chunks.join('')
}

/** The newest of these that no later commit says to revert. */
const standing = async (git: RunGit, fork: string, sha: string, found: readonly string[]) => {
  const { stdout } = await git(['log', '--format=%B', '--grep=^This reverts commit', `${fork}..${sha}`, '--'])
  const undone = new Set([...stdout.matchAll(/^This reverts commit ([0-9a-f]{40,64})/gm)].map(([, of]) => of))
  return found.find((each) => !undone.has(each))
}
