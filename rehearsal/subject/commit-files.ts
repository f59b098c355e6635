import { join } from 'node:path'
import { git } from './run-git.ts'

const author = {
  GIT_AUTHOR_NAME: 'relman rehearsal',
  GIT_AUTHOR_EMAIL: 'rehearsal@users.noreply.github.com',
  GIT_COMMITTER_NAME: 'relman rehearsal',
  GIT_COMMITTER_EMAIL: 'rehearsal@users.noreply.github.com',
}

/**
 * Writes files on top of `parent` as the commit that the rehearsal's default branch points to. The release itself stays
 * at `parent`: policy comes from the protected branch, never from the change under judgement.
 */
export const commitFiles = (
  gitDir: string,
  parent: string,
  branch: string,
  files: Record<string, string>,
): string => {
  const env = { ...author, GIT_INDEX_FILE: join(gitDir, 'rehearsal-index') }
  git(gitDir, ['read-tree', parent], { env })
  for (const [path, content] of Object.entries(files)) {
    const blob = git(gitDir, ['hash-object', '-w', '--stdin'], { input: content })
    // --replace: the repository may have a file where a folder is needed, or the other way round.
    git(gitDir, ['update-index', '--add', '--replace', '--cacheinfo', `100644,${blob},${path}`], { env })
  }
  const tree = git(gitDir, ['write-tree'], { env })
  const commit = git(gitDir, ['commit-tree', tree, '-p', parent, '-m', 'Rehearse a release with relman'], {
    env,
  })
  git(gitDir, ['update-ref', `refs/heads/${branch}`, commit])
  git(gitDir, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`])
  return commit
}
