/** Workflow runs and their jobs. */

import { jobDocument, runDocument } from '../documents/run.ts'
import { type Call, ok, type Reply, type Routes } from '../github.ts'
import type { Job, Run } from '../hub.ts'
import { counted } from '../pages.ts'
import { notFound, Refusal } from '../refusal.ts'

export function runOf({ github, params }: Call): Run {
  const run = github.store.runs.get(Number(params.run_id))
  if (!run) throw notFound()
  return run
}

/** `status` takes a status or a conclusion, as GitHub's does. */
function matches(query: Record<string, string>, run: Run): boolean {
  const wanted: [string | undefined, ...(string | null)[]][] = [
    [query.status, run.status, run.conclusion],
    [query.branch, run.headBranch],
    [query.event, run.event],
    [query.actor, run.actor],
    [query.head_sha, run.headSha],
    [query.check_suite_id, String(run.id)],
  ]
  return (
    wanted.every(([value, ...actual]) => value === undefined || actual.includes(value)) &&
    within(query.created, run)
  )
}

/** `created`: `>=`, `>`, `<=`, `<`, `from..to` or a day, as GitHub's search syntax has it. */
function within(created: string | undefined, { createdAt }: Run): boolean {
  if (created === undefined) return true
  const time = Date.parse(createdAt)
  const [from, to] = created.split('..')
  if (to !== undefined) return time >= Date.parse(from ?? '') && time <= Date.parse(to)
  const parts = /^(>=|<=|>|<)?(.*)$/.exec(created)
  const bound = Date.parse(parts?.[2] ?? '')
  if (parts?.[1] === '>=') return time >= bound
  if (parts?.[1] === '>') return time > bound
  if (parts?.[1] === '<=') return time <= bound
  return parts?.[1] === '<' ? time < bound : createdAt.startsWith(created)
}

function jobs(call: Call, keep: (job: Job, run: Run) => boolean): Reply {
  const run = runOf(call)
  const all = [...call.github.store.jobs.values()].filter((job) => job.runId === run.id && keep(job, run))
  return counted(call, 'jobs', all, (job) => jobDocument(call.github, job))
}

function cancel(call: Call): Reply {
  const run = runOf(call)
  if (run.status === 'completed') throw new Refusal(409, 'Cannot cancel a workflow run that is completed.')
  call.github.emit('cancel', run.id)
  return { status: 202, body: {} }
}

export const runRoutes: Routes = {
  'get /actions/runs': (call) => {
    const all = [...call.github.store.runs.values()].filter((run) => matches(call.query, run)).reverse()
    return counted(call, 'workflow_runs', all, (run) => runDocument(call.github, run))
  },
  'get /actions/runs/{run_id}': (call) => ok(runDocument(call.github, runOf(call))),
  'get /actions/runs/{run_id}/jobs': (call) =>
    jobs(call, (job, run) => call.query.filter === 'all' || job.attempt === run.attempt),
  'get /actions/runs/{run_id}/attempts/{attempt_number}/jobs': (call) =>
    jobs(call, (job) => job.attempt === Number(call.params.attempt_number)),
  'post /actions/runs/{run_id}/cancel': cancel,
}
