/** A pull request that closes an issue when it is merged. */
export type LinkedPull = { number: number; state: 'open' | 'merged' | 'closed' }

/** An issue of a milestone. Text is untrusted. */
export type MilestoneIssue = {
  number: number
  title: string
  body: string
  url: string
  state: 'open' | 'closed'
  /** Closed because nobody will do it, or as a copy of another. */
  dropped: boolean
  labels: string[]
  /** Logins. */
  owners: string[]
  pulls: LinkedPull[]
}

/** What is planned for a release, as GitHub has it. */
export type Milestone = {
  number: number
  title: string
  url: string
  state: 'open' | 'closed'
  issues: MilestoneIssue[]
  /** How many issues are more than were read. */
  unread: number
}
