import type { FunctionDefinition } from '@actions/expressions/funcs/info'
import type { NewRunnerEvent, Result } from '../events.ts'
import type { Scope } from '../expression/evaluate.ts'
import { hashFiles } from '../expression/hash-files.ts'
import { statusFunctions } from '../expression/status-functions.ts'
import type { Guard } from '../process/guard.ts'
import type { Grace } from '../process/run-process.ts'
import type { Permissions } from '../workflow/permissions.ts'
import type { Source, Sources } from '../workflow/source.ts'
import type { Mapping } from '../workflow/tree.ts'
import type { Builtin } from './builtin.ts'
import type { Annotation } from './commands.ts'
import type { Masks } from './masks.ts'
import type { Runnable } from './step.ts'

export type Status = 'success' | 'failure' | 'cancelled'
export type StepResult = { outputs: Record<string, string>; outcome: Result; conclusion: Result }

/** The machine that a job has for itself. */
export type Machine = {
  workspace: string
  temp: string
  nodePath: string
  /** Variables that every process starts with: PATH, HOME, … */
  environment: Record<string, string>
  builtins: Record<string, Builtin>
  sources: Sources
  /** The caller's repository at the run's commit: where `$/` of a `./` action leads. */
  caller: Source
  grace: Grace
  timeoutMinuteMs: number
  /** Processes that were started and may still run. */
  processes: Set<number>
  guard?: Guard
  summariesDir?: string
}

/** A job while it runs. */
export type JobState = {
  runId: number
  jobId: number
  name: string
  machine: Machine
  permissions: Permissions
  token: string
  defaults: Mapping
  /** github, inputs, vars, needs, strategy, matrix, secrets, runner, job. */
  contexts: Record<string, unknown>
  env: Record<string, string>
  path: string[]
  status: Status
  /** Asked to end; steps whose condition still holds go on. */
  cancel: AbortSignal
  /** The machine is gone or was taken away: nothing goes on. */
  dead: AbortSignal
  masks: Masks
  posts: Runnable[]
  steps: { name: string; number: number; status: string; conclusion: string | null }[]
  emit(event: NewRunnerEvent): void
  reportSteps(): void
  annotate(annotation: Annotation, step?: string): void
}

/** Where steps stand: the job itself, or a composite action within it. */
export type Frame = {
  /** Where `$/` leads: the file the steps are written in. */
  source: Source
  contexts: Record<string, unknown>
  steps: Record<string, StepResult>
  env: Record<string, string>
  status(): Status
  fail(): void
  composite: boolean
}

/** Expression scope of a step (docs: contexts#context-availability). */
export function stepScope(job: JobState, frame: Frame, env: Record<string, string>): Scope {
  return {
    contexts: {
      ...frame.contexts,
      job: { ...(frame.contexts.job as object), status: job.status },
      steps: frame.steps,
      env,
    },
    functions: stepFunctions(job, frame),
  }
}

// In a composite action success() and failure() look at the action's own steps, cancelled() at the job
// (runner: src/Runner.Worker/Expressions/SuccessFunction.cs, CancelledFunction.cs).
function stepFunctions(job: JobState, frame: Frame): FunctionDefinition[] {
  return [
    ...statusFunctions({
      success: () => frame.status() === 'success',
      failure: () => frame.status() === 'failure',
      cancelled: () => job.status === 'cancelled',
    }),
    hashFiles(job.machine.workspace),
  ]
}
