import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { Git } from '@relman/core/ports/git'

/** Whether a commit is in the history of another; one that this clone has never seen is not. */
export const isBehind = async (git: Git, ancestor: string, sha: string): Promise<boolean> => {
  try {
    return await git.isAncestor(ancestor, sha)
  } catch (error) {
    if (error instanceof ConfigurationError) return false
    throw error
  }
}
