/** The runner's side of the hub: runs, jobs, environments and waiting reviews. */

import { numberOf } from '../documents/identity.ts'
import type { Github } from '../github.ts'
import type { Hub, Job, Run } from '../hub.ts'
import { pending } from '../routes/approvals.ts'
import { followJob } from './deployments.ts'

type Actions = Pick<
  Hub,
  | 'createRun'
  | 'updateRun'
  | 'run'
  | 'createJob'
  | 'updateJob'
  | 'jobs'
  | 'environment'
  | 'putEnvironment'
  | 'requestReview'
  | 'withdrawReview'
  | 'reviews'
  | 'pending'
>

/** GitHub allows six reviewers of an environment (docs.github.com, "Deployments and environments"). */
const mostReviewers = 6

export function openActions(github: Github): Actions {
  const { store } = github

  function known<T>(what: string, id: number, value: T | undefined): T {
    if (value === undefined) throw new Error(`there is no ${what} ${id}`)
    return value
  }

  function follow(job: Job): void {
    const run = store.runs.get(job.runId)
    if (run) followJob(github, run, job)
  }

  return {
    createRun: (fresh) => {
      const time = github.now()
      const state = { status: 'queued' as const, conclusion: null, createdAt: time, updatedAt: time }
      const run: Run = { ...fresh, id: store.nextId(), attempt: 1, ...state }
      store.runs.set(run.id, run)
      return run
    },
    updateRun: (id, patch) => {
      Object.assign(known('run', id, store.runs.get(id)), patch, { updatedAt: github.now() })
    },
    run: (id) => store.runs.get(id),
    createJob: (fresh) => {
      const job: Job = { ...fresh, id: store.nextId() }
      store.jobs.set(job.id, job)
      store.jobsCreated.set(job.id, github.now())
      follow(job)
      return job
    },
    updateJob: (id, patch) => {
      const job = known('job', id, store.jobs.get(id))
      Object.assign(job, patch)
      follow(job)
    },
    jobs: (runId) => [...store.jobs.values()].filter((job) => job.runId === runId),
    environment: (name) => store.environments.get(name.toLowerCase()),
    putEnvironment: (fresh) => {
      if (fresh.reviewers.length > mostReviewers)
        throw new Error(`${fresh.name} has more than ${mostReviewers} reviewers`)
      const stranger = fresh.reviewers.find((login) => !github.users.includes(login))
      if (stranger !== undefined) throw new Error(`${stranger} cannot review ${fresh.name}: no read access`)
      const key = fresh.name.toLowerCase()
      const known = store.environments.get(key)
      const updatedAt = github.now()
      const id = known?.id ?? numberOf(`environment ${key}`)
      const environment = { ...fresh, id, createdAt: known?.createdAt ?? updatedAt, updatedAt }
      store.environments.set(key, environment)
      return environment
    },
    requestReview: (runId, jobId, environment) => {
      store.waiting.push({ runId, jobId, environment, since: github.now() })
    },
    withdrawReview: (runId, jobId) => {
      store.waiting = store.waiting.filter((entry) => entry.runId !== runId || entry.jobId !== jobId)
    },
    reviews: (runId) => store.reviews.filter((review) => review.runId === runId),
    pending: (runId) => pending(store, runId),
  }
}
