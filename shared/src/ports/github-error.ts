/** Why GitHub did not do what was asked; stable codes. */
export type GitHubReason = 'permission-missing' | 'rate-limited' | 'github-unavailable' | 'github-refused'

/**
 * GitHub refused, or did not answer within the budget. The message says what was tried, what GitHub said and, where a
 * permission is missing, which one in the words of a workflow's `permissions`.
 */
export class GitHubError extends Error {
  readonly reasonCode: GitHubReason
  /** HTTP status; null when there was no answer. */
  readonly status: number | null
  /** The types of GraphQL's errors, for example STALE_DATA. */
  readonly types: readonly string[]

  constructor(
    reasonCode: GitHubReason,
    message: string,
    status: number | null = null,
    types: readonly string[] = [],
  ) {
    super(message)
    this.name = 'GitHubError'
    this.reasonCode = reasonCode
    this.status = status
    this.types = types
  }
}
