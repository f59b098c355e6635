import { ConfigurationError } from '../../config/configuration-error.ts'
import type { Git, Tag } from '../../ports/git.ts'
import { notIn } from './not-in.ts'
import { logFormat, parseLog } from './parse-log.ts'
import { readFileAt } from './read-file.ts'
import { readSizes } from './read-sizes.ts'
import { readTags, readTagsBehind } from './read-tags.ts'
import { resolveRevision } from './resolve-revision.ts'
import { complaint, runGitIn } from './run-git.ts'

/** Opens the clone that `folder` is in. A ConfigurationError when there is none. */
export const openGit = async (folder: string): Promise<Git> => {
  const git = runGitIn(folder)
  const inside = await git(['rev-parse', '--is-shallow-repository'])
  if (inside.code !== 0) throw notRepository(folder, inside.stderr, complaint(inside))
  const shallow = inside.stdout.trim() === 'true'
  let all: Promise<Tag[]> | undefined
  const tags = () => (all ??= readTags(git))
  return {
    resolve: (revision) => resolveRevision(git, revision),
    tags,
    tagsBehind: async (sha, { limit = Number.POSITIVE_INFINITY, matching = () => true } = {}) => {
      return readTagsBehind(
        git,
        sha,
        (await tags()).filter((tag) => matching(tag.name)),
        limit,
      )
    },
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
    shallow: async () => shallow,
    file: (revision, path) => readFileAt(git, revision, path),
    isAncestor: async (ancestor, descendant) => {
      const answer = await git(['merge-base', '--is-ancestor', ancestor, descendant])
      if (answer.code > 1)
        throw new ConfigurationError(`git cannot compare ${ancestor} and ${descendant}: ${complaint(answer)}`)
      return answer.code === 0
    },
    branches: async () => {
      const answer = await git(['for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/remotes/origin'])
      return answer.stdout.split('\n').filter((line) => line !== '')
    },
    paths: async (revision) => {
      const answer = await git(['ls-tree', '-r', '-z', '--name-only', '--full-tree', revision])
      if (answer.code !== 0)
        throw new ConfigurationError(`git cannot list the files of ${revision}: ${complaint(answer)}`)
      return answer.stdout.split('\0').filter((path) => path !== '')
    },
    sizes: (shas) => readSizes(git, shas),
  }
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
