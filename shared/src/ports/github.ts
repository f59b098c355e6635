import type { Milestone } from '../feature/milestone.ts'
import type { Pull } from '../scope/pull.ts'
import type { GitHubArtifacts } from './github-artifacts.ts'

export type { Pull } from '../scope/pull.ts'

/** What GitHub is asked and told, by concern. Each function fails with a GitHubError (github-error.ts) that names the permission missing. */
export type Check = { name: string; state: 'success' | 'failure' | 'pending' | 'neutral'; url: string }

export type EnvironmentProtection = { name: string; reviewers: string[]; preventSelfReview: boolean }

/** One review of waiting jobs. GitHub gives neither time nor attempt, so the reader binds it to the run it asked for. */
export type Approval = {
  environments: string[]
  state: 'approved' | 'rejected' | 'pending'
  user: string
  bot: boolean
  comment: string
}

export type WorkflowRun = {
  id: number
  attempt: number
  status: string
  conclusion: string | null
  actor: string
  triggeringActor: string
  url: string
}

export type DeploymentStatus = {
  id: number
  state: string
  description: string
  createdAt: string
  creator: string
}

/** Who wrote and who committed a commit; `login` is null where GitHub knows no account for the e-mail address. */
export type CommitMakers = { sha: string; people: { login: string | null; name: string; email: string }[] }

export type PublishedRelease = { id: number; tag: string; url: string; draft: boolean; body: string }

export type Issue = { number: number; title: string; body: string; state: 'open' | 'closed'; url: string }

/** A pull request as it stands now. Text is untrusted. */
export type PullRequest = {
  number: number
  title: string
  author: string
  /** The branch that it would enter. */
  base: string
  branch: string
  /** The commit at its tip. */
  head: string
  /** Its branch is in another repository: the token of its runs may only read. */
  fork: boolean
  labels: string[]
  /** The reviews that approve or refuse, oldest first; `commit` is what was reviewed, `canPush` whether its author may write. */
  reviews: { by: string; state: string; commit: string; canPush: boolean }[]
}

export type GitHub = {
  repository: { owner: string; name: string }
  defaultBranch(): Promise<string>
  /** Who may read the repository: `private`, `internal` (to an enterprise) or `public`. */
  visibility(): Promise<string>
  checks(sha: string): Promise<Check[]>
  /** null when the environment does not exist. */
  environment(name: string): Promise<EnvironmentProtection | null>
  approvals(runId: number): Promise<Approval[]>
  run(runId: number): Promise<WorkflowRun | null>
  cancelRun(runId: number): Promise<void>
  dispatch(workflow: string, ref: string, inputs: Record<string, string>): Promise<void>
  /** A file of a branch or commit; null when absent. */
  file(path: string, ref?: string): Promise<string | null>
  /** Pull requests by number, in as few calls as may be; unknown numbers are left out. */
  pulls(numbers: readonly number[]): Promise<Pull[]>
  /** One pull request as it stands now; null when there is none with that number. */
  pullRequest(number: number): Promise<PullRequest | null>
  /** The milestone with the first of these titles that there is, with its issues, in as few calls as may be; null without one. */
  milestone(titles: readonly string[]): Promise<Milestone | null>
  /** The messages of the commits of a pull request, oldest first, and how many there are: more than a thousand are not read. */
  pullMessages(number: number): Promise<{ messages: string[]; total: number }>
  comments: {
    /**
     * The one comment with this marker that the token's own account wrote, with this body; others are never touched.
     * A second one of ours is emptied.
     */
    ensure(
      comment: ({ pull: number } | { issue: number }) & { marker: string; body: string },
    ): Promise<{ url: string }>
  }
  issueComments: {
    /** Says it once: where a bot's comment with this marker is there, nothing is written. */
    once(comment: { issue: number; marker: string; body: string }): Promise<{ url: string }>
  }
  commitStatuses: {
    /** The newest status of a context on each of these commits, in as few calls as may be; commits without one are left out. */
    read(
      context: string,
      shas: readonly string[],
    ): Promise<{ sha: string; state: string; description: string }[]>
    write(status: {
      sha: string
      context: string
      state: 'success' | 'failure'
      description: string
      url: string
    }): Promise<void>
  }
  /** Who made these commits, in as few calls as may be; commits that GitHub does not have are left out. */
  makers(shas: readonly string[]): Promise<CommitMakers[]>
  artifacts: GitHubArtifacts
  deployments: {
    /**
     * Of an environment and a commit, newest first, those whose payload `concerns`: what was told when each was made, and when it
     * first succeeded (ISO 8601; null: never). Of more than ten the older ones are not looked at.
     */
    of(
      environment: string,
      sha: string,
      concerns: (payload: unknown) => boolean,
    ): Promise<{ id: number; payload: unknown; succeededAt: string | null }[]>
    /** Finds the one with this marker in its payload, or creates it: safe to repeat. */
    ensure(request: {
      sha: string
      environment: string
      marker: string
      payload: Record<string, string | number>
      description: string
    }): Promise<number>
    statuses(deployment: number): Promise<DeploymentStatus[]>
    /** Appends a status unless the newest has the same state and description. `description` holds at most 140 characters. */
    report(
      deployment: number,
      state: 'in_progress' | 'success' | 'failure' | 'error' | 'inactive',
      description: string,
    ): Promise<void>
  }
  refs: {
    /** The commit of `heads/main` or `tags/v1.0.0`, annotated tags followed; null when there is none. */
    commit(ref: string): Promise<string | null>
    /** Makes it at a commit where there is none, and never moves one: the commit that it is at, and whether this made it. */
    ensure(ref: string, sha: string): Promise<{ sha: string; made: boolean }>
  }
  releases: {
    byTag(tag: string): Promise<PublishedRelease | null>
    /** Creates the release, or updates the one that exists for the tag: exactly one, also after a lost reply. */
    publish(release: {
      tag: string
      sha: string
      name: string
      body: string
      draft: boolean
      prerelease: boolean
      latest: boolean
    }): Promise<PublishedRelease>
  }
  issues: {
    /**
     * Finds the oldest issue with a marker line of ours that a bot wrote (or, where people deleted each of them, the one of
     * that title), or opens it; then writes it. The title is set once and people's from then on.
     */
    ensure(issue: {
      marker: string
      title: string
      labels: string[]
      state: 'open' | 'closed'
      /**
       * The body from the one that is there (null: none yet). Called again where somebody else wrote in between, and
       * changes nothing in a body that it has written.
       */
      write: (body: string | null) => string
    }): Promise<Issue>
  }
}
