import { createAbort } from '../abort.ts'
import { after } from '../delays.ts'
import type { Result } from '../events.ts'
import { evaluate, evaluateText, evaluateTexts, holds, type Scope } from '../expression/evaluate.ts'
import type { Mapping, Tree } from '../workflow/tree.ts'
import type { Annotation } from './commands.ts'
import { type Frame, type JobState, stepScope } from './state.ts'

/** A step that can be started: from a workflow, a composite action, or an action's pre and post. */
export type Runnable = {
  id: string
  name: Tree
  condition: string
  env: Mapping
  timeoutMinutes?: Tree
  continueOnError?: Tree
  /** Does the step's work; false or an Error fails it. */
  execute(call: StepCall): Promise<boolean>
  frame: Frame
}

export type StepCall = {
  job: JobState
  frame: Frame
  name: string
  /** `env` of workflow, job, GITHUB_ENV, enclosing composite steps and this step; the nearest wins. */
  env: Record<string, string>
  scope: Scope
  cancel: AbortSignal
  outputs: Record<string, string>
  log(line: string): void
  annotate(annotation: Annotation): void
}

/**
 * Runs one step as the runner does (runner: src/Runner.Worker/StepsRunner.cs): its condition is evaluated again when the
 * job is cancelled, a time-out fails it, `continue-on-error` turns a failed outcome into a successful conclusion.
 */
export async function runStep(job: JobState, runnable: Runnable, parent?: AbortSignal): Promise<Result> {
  const { frame } = runnable
  if (job.dead.aborted || parent?.aborted) return 'cancelled'
  const env = { ...job.env, ...frame.env }
  const before = stepScope(job, frame, env)
  const name = displayName(runnable, before)
  const entry = frame.composite ? undefined : startEntry(job, name)
  const startedAt = Date.now()
  const outputs: Record<string, string> = {}
  const annotate = (annotation: Annotation) => job.annotate(annotation, name)
  const finish = (outcome: Result, conclusion: Result) => {
    frame.steps[runnable.id] = { outputs, outcome, conclusion }
    if (conclusion === 'failure') frame.fail()
    if (job.dead.aborted || !entry) return conclusion
    Object.assign(entry, { status: 'completed', conclusion })
    job.reportSteps()
    const seconds = (Date.now() - startedAt) / 1000
    job.emit({
      type: 'step-finished',
      runId: job.runId,
      jobId: job.jobId,
      number: entry.number,
      name,
      conclusion,
      outcome,
      seconds,
    })
    return conclusion
  }
  try {
    Object.assign(env, evaluateTexts(runnable.env, before))
    if (!holds(runnable.condition, stepScope(job, frame, env))) return finish('skipped', 'skipped')
  } catch (error) {
    annotate({ level: 'error', message: messageOf(error) })
    return finish('failure', 'failure')
  }
  const scope = stepScope(job, frame, env)
  const controller = createAbort()
  const cancelIfUnwanted = () => {
    if (!stillHolds(runnable.condition, stepScope(job, frame, env))) controller.abort('cancelled')
  }
  if (!job.cancel.aborted) job.cancel.addEventListener('abort', cancelIfUnwanted, { once: true })
  const forward = () => controller.abort(parent?.reason)
  parent?.addEventListener('abort', forward, { once: true })
  let stopTimer: (() => void) | undefined
  let passed = false
  try {
    const minutes = Number(evaluate(runnable.timeoutMinutes ?? null, scope) ?? 0)
    if (minutes > 0)
      stopTimer = after(minutes * job.machine.timeoutMinuteMs, () =>
        controller.abort(`timed out after ${minutes} minutes`),
      )
    const log = (line: string) =>
      job.emit({ type: 'log', runId: job.runId, jobId: job.jobId, step: name, line: job.masks.apply(line) })
    const call: StepCall = { job, frame, name, env, scope, cancel: controller.signal, outputs, log, annotate }
    passed = await Promise.race([runnable.execute(call), ended(job.dead)])
  } catch (error) {
    if (!controller.signal.aborted && !job.dead.aborted)
      annotate({ level: 'error', message: job.masks.apply(messageOf(error)) })
  } finally {
    stopTimer?.()
    job.cancel.removeEventListener('abort', cancelIfUnwanted)
    parent?.removeEventListener('abort', forward)
  }
  // A cancelled step is `cancelled` whatever its process answered; one that timed out failed (docs: workflow-syntax
  // #jobsjob_idstepstimeout-minutes; runner: StepsRunner.cs, RunStepAsync).
  const reason = controller.signal.aborted ? String(controller.signal.reason) : ''
  if (reason === 'cancelled') return finish('cancelled', 'cancelled')
  if (reason !== '') annotate({ level: 'error', message: `The action '${name}' has ${reason}.` })
  const outcome = passed && reason === '' ? 'success' : 'failure'
  return finish(outcome, outcome === 'failure' && tolerated(runnable, scope) ? 'success' : outcome)
}

function displayName(runnable: Runnable, scope: Scope): string {
  try {
    return evaluateText(runnable.name, scope)
  } catch {
    return runnable.id
  }
}

function startEntry(job: JobState, name: string) {
  const entry = { name, number: job.steps.length + 1, status: 'in_progress', conclusion: null }
  job.steps.push(entry)
  job.reportSteps()
  job.emit({ type: 'step-started', runId: job.runId, jobId: job.jobId, number: entry.number, name })
  return entry
}

function stillHolds(condition: string, scope: Scope): boolean {
  try {
    return holds(condition, scope)
  } catch {
    return false
  }
}

function tolerated(runnable: Runnable, scope: Scope): boolean {
  try {
    return evaluate(runnable.continueOnError ?? false, scope) === true
  } catch {
    return false
  }
}

function ended(dead: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(new Error('The runner is gone'))
    if (dead.aborted) fail()
    else dead.addEventListener('abort', fail, { once: true })
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
