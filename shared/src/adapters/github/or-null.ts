import { GitHubError } from '../../ports/github-error.ts'

/** An answer of 404 as null; every other fault stays one. */
export const orNull = async <T>(answer: Promise<T>): Promise<T | null> => {
  try {
    return await answer
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return null
    throw error
  }
}
