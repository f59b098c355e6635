import { mkdirSync, rmSync } from 'node:fs'
import { after } from '../delays.ts'
import { evaluateText, evaluateTexts, type Scope } from '../expression/evaluate.ts'
import { killTree } from '../process/process-tree.ts'
import type { Source } from '../workflow/source.ts'
import { mappingOf } from '../workflow/tree.ts'
import type { JobDefinition } from '../workflow/workflow.ts'
import { type Action, loadAction, locateAction } from './action.ts'
import { type ActionState, preStep } from './action-step.ts'
import { runnableOf } from './runnable.ts'
import { type Frame, type JobState, type Status, stepScope } from './state.ts'
import { type Runnable, runStep } from './step.ts'

export type JobCall = {
  definition: JobDefinition
  /** The file the job is written in. */
  source: Source
  /** `env` of that workflow file; the caller's is not passed on (docs: reusing-workflow-configurations#limitations). */
  workflowEnv: JobDefinition['env']
  timeoutMinutes: number
  /** Called when the job takes longer: it is then cancelled. */
  onTimeout(): void
}

/**
 * Outputs of a job may be 1 MB, counted in UTF-16 (docs: output-limitations). What GitHub does beyond it is not
 * documented; here the job fails, so that nobody relies on it.
 */
const outputLimit = 1024 * 1024

/**
 * Runs a job on its own machine: set-up, `pre` of its actions, its steps, `post` in reverse order.
 * @returns how it ended and its outputs; what a time-out ended is `cancelled` (I:solvcon/solvcon#772).
 */
export async function runJob(
  job: JobState,
  call: JobCall,
): Promise<{ status: Status; outputs: Record<string, string> }> {
  const { definition } = call
  mkdirSync(job.machine.workspace, { recursive: true })
  mkdirSync(job.machine.temp, { recursive: true })
  const stopTimer = after(call.timeoutMinutes * job.machine.timeoutMinuteMs, () => {
    job.annotate({
      level: 'error',
      message: `The job has exceeded the maximum execution time of ${call.timeoutMinutes} minutes.`,
    })
    call.onTimeout()
  })
  const onCancel = () => {
    job.status = 'cancelled'
  }
  if (job.cancel.aborted) onCancel()
  else job.cancel.addEventListener('abort', onCancel, { once: true })
  const frame: Frame = {
    source: call.source,
    contexts: job.contexts,
    steps: {},
    env: {},
    status: () => job.status,
    fail: () => {
      if (job.status === 'success') job.status = 'failure'
    },
    composite: false,
  }
  try {
    for (const step of prepare(job, frame, call)) {
      if (job.dead.aborted) break
      await runStep(job, step)
    }
    while (job.posts.length > 0 && !job.dead.aborted) {
      const post = job.posts.pop()
      if (post) await runStep(job, post)
    }
    const outputs = job.dead.aborted ? {} : outputsOf(job, frame, definition)
    return { status: job.status, outputs }
  } finally {
    stopTimer()
    job.cancel.removeEventListener('abort', onCancel)
    // Processes that a step left behind end with the job (runner: JobExtension.cs, "Terminate orphan process").
    for (const pid of job.machine.processes) {
      killTree(pid)
      job.machine.guard?.ended(pid)
    }
    job.machine.processes.clear()
    if (!job.dead.aborted) rmSync(job.machine.temp, { recursive: true, force: true })
  }
}

/** 'Set up job': environment, and every action that is not in the workspace, so that a missing one stops the job here. */
function prepare(job: JobState, frame: Frame, call: JobCall): Runnable[] {
  const setUp = { name: 'Set up job', number: 1, status: 'completed', conclusion: 'success' }
  job.steps.push(setUp)
  const steps: Runnable[] = []
  try {
    const before: Scope = stepScope(job, frame, {})
    Object.assign(job.env, evaluateTexts(call.workflowEnv, before))
    Object.assign(job.env, evaluateTexts(call.definition.env, before))
    const pres: Runnable[] = []
    for (const step of call.definition.steps) {
      const state: ActionState = { values: {}, postRegistered: false }
      const action = step.uses ? remoteAction(job, call.source, step.uses) : undefined
      const pre = action && preStep(job, frame, step, action, state)
      if (pre) pres.push(pre)
      steps.push(runnableOf(frame, step, state))
    }
    steps.unshift(...pres)
  } catch (error) {
    setUp.conclusion = 'failure'
    frame.fail()
    job.annotate(
      { level: 'error', message: error instanceof Error ? error.message : String(error) },
      'Set up job',
    )
    job.reportSteps()
    return []
  }
  job.reportSteps()
  return steps
}

/** Loads an action and, for a composite one, those it uses; `./` actions are looked up when they run. */
function remoteAction(job: JobState, from: Source, uses: string, depth = 0): Action | undefined {
  const located = locateAction(uses, from, job.machine)
  if (located.kind === 'builtin' || located.local) return undefined
  // runner: Constants.cs, CompositeActionsMaxDepth.
  if (depth > 9) throw new Error(`Composite actions are nested too deep at '${uses}'`)
  const action = loadAction(located)
  if (action.runs.kind === 'composite')
    for (const step of action.runs.steps)
      if (step.uses) remoteAction(job, action.source, step.uses, depth + 1)
  return action
}

function outputsOf(job: JobState, frame: Frame, definition: JobDefinition): Record<string, string> {
  const scope = stepScope(job, frame, job.env)
  const outputs: Record<string, string> = {}
  let size = 0
  for (const [name, tree] of definition.outputs) {
    try {
      const value = evaluateText(tree, scope)
      if (job.masks.apply(value) !== value) {
        job.annotate({ level: 'warning', message: `Skip output '${name}' since it may contain secret.` })
        continue
      }
      size += 2 * (name.length + value.length)
      if (size > outputLimit)
        throw new Error(`Output '${name}' exceeds the limit of 1 MB for the outputs of a job.`)
      if (value !== '') outputs[name] = value
    } catch (error) {
      job.annotate({ level: 'error', message: error instanceof Error ? error.message : String(error) })
      frame.fail()
    }
  }
  return outputs
}

/** `defaults.run` of the job over those of the workflow, key by key. */
export function mergedDefaults(
  workflow: JobDefinition['defaults'],
  job: JobDefinition['defaults'],
): JobDefinition['defaults'] {
  const run = new Map([...mappingOf(workflow.get('run')), ...mappingOf(job.get('run'))])
  return new Map([['run', run]])
}
