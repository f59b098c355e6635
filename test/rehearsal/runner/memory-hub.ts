import type { Environment, Grant, Hub, HubEvents, Job, Review, Run } from '../../../rehearsal/github/hub.ts'

type Listeners = { [E in keyof HubEvents]: ((value: HubEvents[E]) => void)[] }

export type MemoryHub = Hub & {
  emit<E extends keyof HubEvents>(event: E, value: HubEvents[E]): void
  approve(runId: number, environment: string, user?: string, state?: Review['state']): void
  grants: (Grant & { token: string; revoked: boolean })[]
  allRuns(): Run[]
}

/** The smallest hub that a runner can stand on: records in memory, no server. */
export function memoryHub(gitDir: string): MemoryHub {
  const listeners: Listeners = { review: [], dispatch: [], 'repository-dispatch': [], cancel: [] }
  const runs: Run[] = []
  const jobs: Job[] = []
  const environments: Environment[] = []
  const reviews: Review[] = []
  const waiting: { runId: number; jobId: number; environment: string }[] = []
  const grants: MemoryHub['grants'] = []
  const now = () => new Date().toISOString()
  const hub: MemoryHub = {
    ...{
      apiUrl: 'http://127.0.0.1:1/api',
      graphqlUrl: 'http://127.0.0.1:1/graphql',
      serverUrl: 'http://127.0.0.1:1',
    },
    ...{ owner: 'acme', repo: 'shop', defaultBranch: 'main', gitDir, secrets: {}, variables: {}, grants },
    mintToken: (grant) => {
      const token = `ghs_token${grants.length}`
      grants.push({ ...grant, token, revoked: false })
      return token
    },
    revokeToken: (token) => {
      for (const grant of grants) if (grant.token === token) grant.revoked = true
    },
    createRun: (run) => {
      const created: Run = {
        ...{ ...run, id: 1000 + runs.length, attempt: 1, status: 'queued', conclusion: null },
        ...{ createdAt: now(), updatedAt: now() },
      }
      runs.push(created)
      return created
    },
    updateRun: (id, patch) => void Object.assign(runs.find((run) => run.id === id) ?? {}, patch),
    run: (id) => runs.find((run) => run.id === id),
    allRuns: () => runs,
    createJob: (job) => {
      const created = { ...job, id: 1 + jobs.length }
      jobs.push(created)
      return created
    },
    updateJob: (id, patch) => void Object.assign(jobs.find((job) => job.id === id) ?? {}, patch),
    jobs: (runId) => jobs.filter((job) => job.runId === runId),
    environment: (name) => environments.find((e) => e.name.toLowerCase() === name.toLowerCase()),
    putEnvironment: (environment) => {
      const created = { ...environment, id: 1 + environments.length }
      environments.push(created)
      return created
    },
    requestReview: (runId, jobId, environment) => void waiting.push({ runId, jobId, environment }),
    withdrawReview: (runId, jobId) => {
      const index = waiting.findIndex((w) => w.runId === runId && w.jobId === jobId)
      if (index >= 0) waiting.splice(index, 1)
    },
    reviews: (runId) => reviews.filter((review) => review.runId === runId),
    pending: (runId) => {
      const names = [...new Set(waiting.filter((w) => w.runId === runId).map((w) => w.environment))]
      return names.map((environment) => ({
        environment,
        jobIds: waiting.filter((w) => w.runId === runId && w.environment === environment).map((w) => w.jobId),
      }))
    },
    on: (event, listener) => void listeners[event].push(listener),
    emit: (event, value) => {
      for (const listener of listeners[event]) listener(value)
    },
    approve: (runId, environment, user = 'rita', state = 'approved') => {
      const review: Review = { runId, environments: [environment], state, user, comment: 'ok' }
      reviews.push(review)
      hub.emit('review', review)
    },
    close: async () => {},
  }
  return hub
}
