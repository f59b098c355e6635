import type { RunGit } from './run-git.ts'

/** Whether the clone was made without file contents: git would fetch them one by one. */
export const isPartial = async (git: RunGit): Promise<boolean> => {
  const setting = '^(remote\\..*\\.promisor|extensions\\.partialclone)$'
  return (await git(['config', '--get-regexp', setting])).code === 0
}
