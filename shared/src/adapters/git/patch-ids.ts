import type { RunGit } from './run-git.ts'

/** What `git log -p` with lines `commit <sha>` tells, as one id of each patch: of file names, lines and those around them. */
export const patchIds = async (git: RunGit, input: string): Promise<Array<{ id: string; sha: string }>> => {
  const { stdout } = await git(['patch-id', '--stable'], { input })
  return stdout
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => {
      const [id = '', sha = ''] = row.split(' ')
      return { id, sha }
    })
}
