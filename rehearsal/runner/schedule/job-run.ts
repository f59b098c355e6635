import type { Environment, Job } from '../../github/hub.ts'
import { createAbort } from '../abort.ts'
import { after } from '../delays.ts'
import type { NewRunnerEvent, Result } from '../events.ts'
import { evaluate } from '../expression/evaluate.ts'
import type { Annotation } from '../job/commands.ts'
import { mergedDefaults, runJob } from '../job/job.ts'
import { createMasks } from '../job/masks.ts'
import type { JobState } from '../job/state.ts'
import { killTree } from '../process/process-tree.ts'
import { jobSecrets } from './call-frame.ts'
import { jobContext } from './contexts.ts'
import { holdGroups } from './group-claim.ts'
import { createMachine } from './machine.ts'
import type { Outcome, RunState } from './run-state.ts'
import type { Instance } from './workflow-run.ts'

/** Minutes of a job without `timeout-minutes` (docs: workflow-syntax#jobsjob_idtimeout-minutes). */
const defaultMinutes = 360

/** A job that ended without a machine: skipped, cancelled while it waited, or impossible to start. */
export function recordEnded(run: RunState, name: string, result: Result, reason?: unknown): Outcome {
  const { hub, emit } = run.platform
  const now = new Date().toISOString()
  const job = hub.createJob({
    ...{ runId: run.run.id, attempt: run.run.attempt, name, status: 'completed', conclusion: result },
    ...{ startedAt: now, completedAt: now, steps: [] },
  })
  emit({ type: 'job-queued', runId: run.run.id, jobId: job.id, name })
  if (reason !== undefined)
    annotate(run, job.id, name, {
      level: 'error',
      message: reason instanceof Error ? reason.message : String(reason),
    })
  return finishRecord(run, job.id, name, { result, outputs: {} }, 0)
}

function finishRecord(
  run: RunState,
  jobId: number,
  name: string,
  outcome: Outcome,
  seconds: number,
): Outcome {
  run.records.push({ id: jobId, name, seconds, ...outcome })
  run.platform.emit({ type: 'job-finished', runId: run.run.id, jobId, name, seconds, ...outcome })
  return outcome
}

function annotate(run: RunState, jobId: number, name: string, annotation: Annotation, step?: string): void {
  run.annotations.push({ ...annotation, job: name })
  run.platform.emit({
    type: 'annotation',
    runId: run.run.id,
    jobId,
    ...(step ? { step } : {}),
    ...annotation,
  })
}

/** Runs a job with steps: concurrency group, then environment, then machine (a job that waits for approval holds its group: I:elizaOS/eliza#18092). */
export async function runMachineJob(run: RunState, instance: Instance): Promise<Outcome> {
  const { hub, emit, delays } = run.platform
  const { name, scope, frame } = instance
  const { definition } = instance.planned
  const runId = run.run.id
  const environmentName = environmentOf(instance)
  const job: Job = hub.createJob({
    ...{ runId, attempt: run.run.attempt, name, status: 'queued', conclusion: null, steps: [] },
    ...(environmentName ? { environment: environmentName } : {}),
  })
  emit({ type: 'job-queued', runId, jobId: job.id, name })
  const stop = createAbort()
  const cancel = () => stop.abort('cancelled')
  const cancelIfUnwanted = () => {
    if (!instance.wanted()) cancel()
  }
  if (run.cancelled.signal.aborted) cancelIfUnwanted()
  run.cancelled.signal.addEventListener('abort', cancelIfUnwanted, { once: true })
  // A job that has its machine dies with it: no signal warns its processes, or they would tidy up first.
  const lose = () => {
    if (!run.running.has(job.id)) cancel()
  }
  run.dead.signal.addEventListener('abort', lose, { once: true })
  instance.siblings.addEventListener('abort', cancel, { once: true })
  const startedAt = Date.now()
  const finish = (result: Result, outputs: Record<string, string> = {}, reason?: string) => {
    if (reason) annotate(run, job.id, name, { level: 'error', message: reason })
    hub.updateJob(job.id, { status: 'completed', conclusion: result, completedAt: new Date().toISOString() })
    return finishRecord(run, job.id, name, { result, outputs }, (Date.now() - startedAt) / 1000)
  }
  const held = await holdGroups(run, {
    groups: [{ tree: definition.concurrency, scope }],
    ...{ held: frame.held, name, signal: stop.signal, cancel },
    onWait: (group) =>
      emit({ type: 'job-waiting', runId, jobId: job.id, name, reason: 'concurrency', of: group }),
  })
  try {
    if (!held.granted) return finish('cancelled', {}, held.reason)
    const environment = environmentName ? environmentNamed(run, environmentName) : undefined
    if (environment) {
      const protectedBy = environment.reviewers.length > 0 || environment.waitTimerMinutes > 0
      if (protectedBy) hub.updateJob(job.id, { status: 'waiting' })
      if (protectedBy) showWaiting(run)
      const waiting = { runId, jobId: job.id, name, actor: run.run.actor, environment }
      const decision = await run.platform.approvals.wait(waiting, stop.signal)
      showWaiting(run)
      if (decision.state === 'cancelled') return finish('cancelled')
      if (decision.state === 'rejected')
        return finish('failure', {}, `The deployment was rejected by ${decision.by}.`)
      if (decision.state === 'expired')
        return finish('failure', {}, `The deployment to ${environment.name} was not approved within 30 days.`)
    }
    if (stop.signal.aborted) return finish('cancelled')
    return await onMachine(run, instance, job, environment, stop, finish, delays.heartbeatMs)
  } finally {
    if (held.granted) held.release()
    run.cancelled.signal.removeEventListener('abort', cancelIfUnwanted)
    run.dead.signal.removeEventListener('abort', lose)
    instance.siblings.removeEventListener('abort', cancel)
  }
}

async function onMachine(
  run: RunState,
  instance: Instance,
  job: Job,
  environment: Environment | undefined,
  stop: AbortController,
  finish: (result: Result, outputs?: Record<string, string>, reason?: string) => Outcome,
  heartbeatMs: number,
): Promise<Outcome> {
  const { hub, emit } = run.platform
  const { name, frame, tree, planned } = instance
  const { definition, permissions } = planned
  const runId = run.run.id
  // The token lives until the job ends (docs: github-token-expiration).
  const token = hub.mintToken({
    actor: 'github-actions[bot]',
    kind: 'job',
    permissions,
    jobId: job.id,
    runId,
  })
  const masks = createMasks()
  const secrets: Record<string, string> = { ...jobSecrets(frame, environment), GITHUB_TOKEN: token }
  for (const secret of Object.values(secrets)) if (secret !== '') masks.add(secret)
  const machine = createMachine(run, job.id)
  const dead = createAbort()
  run.dead.signal.addEventListener('abort', () => dead.abort(run.dead.signal.reason), { once: true })
  run.running.set(job.id, { name, processes: machine.processes, dead })
  const state: JobState = {
    ...{ runId, jobId: job.id, name, machine, permissions, token, masks },
    defaults: mergedDefaults(tree.workflow.defaults, definition.defaults),
    contexts: {
      ...instance.scope.contexts,
      github: {
        ...run.github,
        token,
        job: definition.id,
        workspace: machine.workspace,
        event_path: machine.eventPath,
      },
      vars: { ...hub.variables, ...environment?.variables },
      secrets,
      runner: machine.runner,
      job: jobContext(job.id, tree.source, tree.workflow.path),
    },
    env: {},
    path: [],
    status: 'success',
    cancel: stop.signal,
    dead: dead.signal,
    posts: [],
    steps: [],
    emit: (event: NewRunnerEvent) => {
      if (event.type === 'replaced') run.replaced.add(event.action)
      emit(event)
    },
    reportSteps: () => hub.updateJob(job.id, { steps: state.steps.map((step) => ({ ...step })) }),
    annotate: (annotation, step) => annotate(run, job.id, name, annotation, step),
  }
  hub.updateJob(job.id, { status: 'in_progress', startedAt: new Date().toISOString() })
  hub.updateRun(runId, { status: 'in_progress' })
  let stopCut: (() => void) | undefined
  dead.signal.addEventListener('abort', () => {
    for (const pid of machine.processes) killTree(pid)
  })
  emit({
    type: 'job-started',
    runId,
    jobId: job.id,
    name,
    ...(environment ? { environment: environment.name } : {}),
  })
  try {
    const minutes =
      Number(evaluate(definition.timeoutMinutes ?? defaultMinutes, instance.scope)) || defaultMinutes
    const { status, outputs } = await runJob(state, {
      ...{ definition, source: tree.source, workflowEnv: tree.workflow.env, timeoutMinutes: minutes },
      onTimeout: () => {
        stop.abort('cancelled')
        // What does not end after the time-out's cancel is ended like any cancelled job.
        stopCut = after(run.platform.delays.cancelWindowMs, () => dead.abort('cut'))
      },
    })
    if (!dead.signal.aborted) return finish(status, outputs)
    if (dead.signal.reason === 'cut') return finish('cancelled', {}, 'The operation was canceled.')
    await silence(run, heartbeatMs)
    return finish('failure', {}, `The hosted runner lost communication with the server. Job: ${name}`)
  } finally {
    stopCut?.()
    run.running.delete(job.id)
    hub.revokeToken(token)
  }
}

/** Nobody knows that a machine is gone until its heartbeat has been missed for long, or the run is cut. */
function silence(run: RunState, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = after(ms, resolve)
    const { signal } = run.dead
    const end = () => {
      if (signal.reason !== 'cut') return
      stop()
      resolve()
    }
    if (!signal.aborted) signal.addEventListener('abort', end, { once: true })
  })
}

function environmentOf(instance: Instance): string | undefined {
  const tree = instance.planned.definition.environment
  const value = evaluate(tree instanceof Map ? tree.get('name') : tree, instance.scope)
  return value === null || value === '' ? undefined : String(value)
}

/** A job that names an unknown environment creates it, without protection (docs: manage-environments). */
function environmentNamed(run: RunState, name: string): Environment {
  const { hub } = run.platform
  const open = {
    reviewers: [],
    preventSelfReview: false,
    waitTimerMinutes: 0,
    secrets: {},
    variables: {},
    canAdminsBypass: true,
  }
  return hub.environment(name) ?? hub.putEnvironment({ name, ...open })
}

/** A run shows `waiting` while a job of it waits and none runs. */
function showWaiting(run: RunState): void {
  const { hub } = run.platform
  const jobs = hub.jobs(run.run.id)
  if (jobs.some((job) => job.status === 'in_progress')) return
  hub.updateRun(run.run.id, {
    status: jobs.some((job) => job.status === 'waiting') ? 'waiting' : 'in_progress',
  })
}
