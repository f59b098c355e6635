/** Everything this GitHub remembers beside git, in memory. */

import type { Environment, Job, Review, Run } from '../hub.ts'

export type Label = { id: number; name: string; color: string; description: string | null }

export type Comment = {
  id: number
  issue: number
  user: string
  body: string
  createdAt: string
  updatedAt: string
}

export type PullReview = {
  user: string
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING'
  submittedAt: string
  commit: string
}

/** What makes an issue a pull request; GitHub counts both with one number. */
export type Pull = {
  mergedAt: string | null
  mergedBy: string | null
  mergeCommit: string | null
  headRef: string
  baseRef: string
  commits: string[]
  reviews: PullReview[]
  closes: number[]
  /** Its branch is in another repository. */
  fork?: boolean
}

export type Issue = {
  id: number
  number: number
  title: string
  body: string | null
  user: string
  state: 'open' | 'closed'
  stateReason: 'completed' | 'not_planned' | 'duplicate' | 'reopened' | null
  labels: string[]
  assignees: string[]
  createdAt: string
  updatedAt: string
  closedAt: string | null
  closedBy: string | null
  /** The number of its milestone. */
  milestone?: number
  pull?: Pull
}

export type Milestone = {
  id: number
  number: number
  title: string
  description: string | null
  state: 'open' | 'closed'
  createdAt: string
  dueOn: string | null
}

export type DeploymentState =
  | 'error'
  | 'failure'
  | 'inactive'
  | 'in_progress'
  | 'queued'
  | 'pending'
  | 'success'

export type DeploymentStatus = {
  id: number
  state: DeploymentState
  description: string
  environment: string
  targetUrl: string
  environmentUrl: string
  creator: string
  createdAt: string
}

export type Deployment = {
  id: number
  ref: string
  sha: string
  task: string
  payload: unknown
  environment: string
  originalEnvironment: string
  description: string | null
  transient: boolean
  production: boolean
  creator: string
  createdAt: string
  updatedAt: string
  statuses: DeploymentStatus[]
  jobId?: number
}

export type Release = {
  id: number
  tag: string
  target: string
  name: string | null
  body: string | null
  draft: boolean
  prerelease: boolean
  author: string
  createdAt: string
  publishedAt: string | null
  updatedAt: string
}

/** A file of a release. */
export type Asset = {
  id: number
  release: number
  name: string
  digest: string | null
  size: number
  createdAt: string
}

/** What a run uploaded; the archive itself is not kept here. */
export type Upload = {
  id: number
  runId: number
  name: string
  digest: string | null
  size: number
  expired: boolean
  /** Where its archive lies, which GitHub sends clients to. */
  archive?: string
  createdAt: string
  expiresAt: string
}

/** A bundle of Sigstore about a digest. */
export type Attestation = { digest: string; bundle: Record<string, unknown> }

export type CommitStatus = {
  id: number
  sha: string
  state: 'error' | 'failure' | 'pending' | 'success'
  context: string
  description: string | null
  targetUrl: string | null
  creator: string
  createdAt: string
}

export type CheckRun = {
  id: number
  name: string
  headSha: string
  status: 'queued' | 'in_progress' | 'completed'
  conclusion:
    | 'success'
    | 'failure'
    | 'neutral'
    | 'cancelled'
    | 'skipped'
    | 'timed_out'
    | 'action_required'
    | null
  app: string
  startedAt: string
  completedAt: string | null
}

export type KnownEnvironment = Environment & { createdAt: string; updatedAt: string }

export type Waiting = { runId: number; jobId: number; environment: string; since: string }

export type Store = {
  /** The next free id; one sequence for all kinds. */
  nextId(): number
  runs: Map<number, Run>
  jobs: Map<number, Job>
  jobsCreated: Map<number, string>
  /** By name in small letters: environments' names do not differ by case. */
  environments: Map<string, KnownEnvironment>
  waiting: Waiting[]
  reviews: Review[]
  deployments: Map<number, Deployment>
  releases: Map<number, Release>
  assets: Asset[]
  uploads: Upload[]
  attestations: Attestation[]
  latestRelease: number | null
  issues: Map<number, Issue>
  milestones: Map<number, Milestone>
  labels: Map<string, Label>
  comments: Map<number, Comment>
  statuses: CommitStatus[]
  checkRuns: CheckRun[]
  /** Commits made through the API, which GitHub signs itself. */
  signed: Set<string>
}

export function emptyStore(): Store {
  let last = 1_000_000
  return {
    nextId: () => ++last,
    runs: new Map(),
    jobs: new Map(),
    jobsCreated: new Map(),
    environments: new Map(),
    waiting: [],
    reviews: [],
    deployments: new Map(),
    releases: new Map(),
    assets: [],
    uploads: [],
    attestations: [],
    latestRelease: null,
    issues: new Map(),
    milestones: new Map(),
    labels: new Map(),
    comments: new Map(),
    statuses: [],
    checkRuns: [],
    signed: new Set(),
  }
}
