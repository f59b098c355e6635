import { ConfigurationError } from '../../config/configuration-error.ts'
import type { Git, Tag } from '../../ports/git.ts'
import { findSquash } from './find-squash.ts'
import { notIn } from './not-in.ts'
import { logFormat, parseLog } from './parse-log.ts'
import { type Listings, readFileAt } from './read-file.ts'
import { readMergePaths } from './read-merge-paths.ts'
import { readSizes } from './read-sizes.ts'
import { readTags, readTagsBehind } from './read-tags.ts'
import { fullSha, resolveRevision } from './resolve-revision.ts'
import { complaint, type RunGit, runGitIn } from './run-git.ts'

/** Opens the clone that `folder` is in. A ConfigurationError when there is none. */
export const openGit = async (folder: string): Promise<Git> => {
  const git = runGitIn(folder)
  // Both with one process. A clone without a commit says whether it is shallow before it fails.
  const inside = await git(['rev-parse', '--is-shallow-repository', 'HEAD^{commit}'])
  const [answer = '', tip = ''] = inside.stdout.split('\n')
  if (answer !== 'true' && answer !== 'false') throw notRepository(folder, inside.stderr, complaint(inside))
  const shallow = answer === 'true'
  let all: Promise<Tag[]> | undefined
  const tags = () => (all ??= readTags(git))
  let heads: Promise<string[]> | undefined
  const resolved = new Map<string, Promise<string>>(
    inside.code === 0 && fullSha.test(tip) ? ['HEAD', tip].map((name) => [name, Promise.resolve(tip)]) : [],
  )
  const listings: Listings = new Map()
  return {
    resolve: (revision) => {
      const found = resolved.get(revision) ?? resolveRevision(git, revision)
      resolved.set(revision, found)
      return found
    },
    tags,
    tagsBehind: async (sha, { limit = Number.POSITIVE_INFINITY, among } = {}) =>
      readTagsBehind(git, sha, among ?? (await tags()), limit),
    commits: async (from, to, { firstParent = false, paths = false } = {}) => {
      const answer = await git([
        'log',
        '-z',
        logFormat,
        ...(firstParent ? ['--first-parent'] : []),
        ...(paths
          ? ['--name-only', '--no-renames', '--no-ext-diff', '--no-textconv', '--diff-merges=first-parent']
          : []),
        ...(from === null ? [to] : [to, `^${from}`]),
        '--',
      ])
      if (answer.code !== 0) throw new ConfigurationError(`git cannot read the history: ${complaint(answer)}`)
      return parseLog(answer.stdout, paths)
    },
    notIn: (sha, tip) => notIn(git, sha, tip),
    squashed: (sha, commits) => findSquash(git, sha, commits),
    shallow: async () => shallow,
    file: (revision, path) => readFileAt(git, revision, path, listings),
    isAncestor: async (ancestor, descendant) => {
      const answer = await git(['merge-base', '--is-ancestor', ancestor, descendant])
      if (answer.code > 1)
        throw new ConfigurationError(`git cannot compare ${ancestor} and ${descendant}: ${complaint(answer)}`)
      return answer.code === 0
    },
    branches: () => (heads ??= readBranches(git, resolved)),
    paths: async (revision) => {
      const answer = await git(['ls-tree', '-r', '-z', '--name-only', '--full-tree', revision])
      if (answer.code !== 0)
        throw new ConfigurationError(`git cannot list the files of ${revision}: ${complaint(answer)}`)
      return answer.stdout.split('\0').filter((path) => path !== '')
    },
    sizes: (shas) => readSizes(git, shas),
    mergePaths: (shas) => readMergePaths(git, shas),
  }
}

/** Their commits come along, so that none needs a process of its own. */
const readBranches = async (git: RunGit, resolved: Map<string, Promise<string>>): Promise<string[]> => {
  const format = '--format=%(refname) %(objecttype) %(objectname)'
  const answer = await git(['for-each-ref', format, 'refs/heads', 'refs/remotes/origin'])
  return answer.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', kind, sha = ''] = line.split(' ')
      if (kind === 'commit') resolved.set(name, Promise.resolve(sha))
      return name
    })
}

const notRepository = (folder: string, stderr: string, words: string): ConfigurationError => {
  if (/dubious ownership/.test(stderr)) {
    return new ConfigurationError(
      `${folder} belongs to another user, so git does not read it: run git config --global --add safe.directory ${folder}`,
    )
  }
  if (/not a git repository/.test(stderr)) {
    return new ConfigurationError(
      `${folder} is not inside a git repository: check the code out first (actions/checkout with fetch-depth: 0), or set repository-path`,
    )
  }
  return new ConfigurationError(`git cannot read ${folder}: ${words}`)
}
