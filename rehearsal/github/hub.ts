/** What joins the rehearsal's GitHub and its runner: one process, one repository. */

export type Permission = 'read' | 'write'

/**
 * Who a token speaks for. A job's token carries the permissions of its job; a user's token may do everything,
 * also what GitHub refuses to machines (approving an environment).
 */
export type Grant = {
  actor: string
  kind: 'job' | 'user'
  permissions: Record<string, Permission>
  jobId?: number
  runId?: number
  /** The app whose installation's token it is, by its slug; a job's token is of GitHub Actions. */
  app?: string
  /** `owner/name` of the repositories that the token reaches; the one that minted it when absent. */
  repositories?: readonly string[]
}

export type Conclusion =
  | null
  | 'success'
  | 'failure'
  | 'cancelled'
  | 'skipped'
  | 'startup_failure'
  | 'timed_out'
  | 'action_required'

export type Run = {
  id: number
  attempt: number
  /** Path of the workflow file, `.github/workflows/release.yml`. */
  workflow: string
  name: string
  event: string
  actor: string
  headSha: string
  headBranch: string
  status: 'queued' | 'in_progress' | 'waiting' | 'completed'
  conclusion: Conclusion
  inputs: Record<string, string>
  createdAt: string
  updatedAt: string
}

export type NewRun = Omit<Run, 'id' | 'attempt' | 'createdAt' | 'updatedAt' | 'status' | 'conclusion'>

export type Step = { name: string; number: number; status: string; conclusion: string | null }

export type Job = {
  id: number
  runId: number
  attempt: number
  name: string
  status: 'queued' | 'waiting' | 'in_progress' | 'completed'
  conclusion: Conclusion
  environment?: string
  /** Set where the job's environment makes a deployment (GitHub's default; not under `deployment: false`). */
  deployment?: true
  startedAt?: string
  completedAt?: string
  steps: Step[]
}

export type Environment = {
  id: number
  name: string
  reviewers: string[]
  preventSelfReview: boolean
  waitTimerMinutes: number
  secrets: Record<string, string>
  variables: Record<string, string>
  canAdminsBypass: boolean
  /** Which refs may deploy: protected branches, or named patterns; absent: any. */
  branchPolicy?: 'protected' | 'custom'
}

/** One decision about environments of a run; GitHub keeps no time, attempt or commit with it. */
export type Review = {
  runId: number
  environments: string[]
  state: 'approved' | 'rejected'
  user: string
  comment: string
}

export type Pending = { environment: string; jobIds: number[] }

export type WorkflowDispatch = {
  workflow: string
  ref: string
  inputs: Record<string, string>
  actor: string
  /** The run is already created (queued); its id was returned to the caller. */
  runId: number
}

export type RepositoryDispatch = { type: string; payload: unknown; actor: string }

export type HubEvents = {
  review: Review
  dispatch: WorkflowDispatch
  'repository-dispatch': RepositoryDispatch
  /** The run's id. */
  cancel: number
}

export type Hub = {
  apiUrl: string
  graphqlUrl: string
  serverUrl: string
  owner: string
  repo: string
  defaultBranch: string
  /** The bare repository. */
  gitDir: string
  mintToken(grant: Grant): string
  revokeToken(token: string): void
  createRun(run: NewRun): Run
  updateRun(id: number, patch: Partial<Run>): void
  run(id: number): Run | undefined
  createJob(job: Omit<Job, 'id'>): Job
  updateJob(id: number, patch: Partial<Job>): void
  jobs(runId: number): Job[]
  environment(name: string): Environment | undefined
  /** Creates the environment, or changes the one of that name. */
  putEnvironment(environment: Omit<Environment, 'id'>): Environment
  /** A job waits: it appears in `pending_deployments` until its environment is decided or withdrawn. */
  requestReview(runId: number, jobId: number, environment: string): void
  withdrawReview(runId: number, jobId: number): void
  /** As `GET actions/runs/{id}/approvals` shows them. */
  reviews(runId: number): Review[]
  pending(runId: number): Pending[]
  on<E extends keyof HubEvents>(event: E, listener: (value: HubEvents[E]) => void): void
  /** Secrets and variables of the repository. */
  secrets: Record<string, string>
  variables: Record<string, string>
  close(): Promise<void>
}
