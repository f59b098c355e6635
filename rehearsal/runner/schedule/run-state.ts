import type { Hub, Run } from '../../github/hub.ts'
import type { Delays } from '../delays.ts'
import type { NewRunnerEvent, Result } from '../events.ts'
import type { Builtin } from '../job/builtin.ts'
import type { Annotation } from '../job/commands.ts'
import type { Guard } from '../process/guard.ts'
import type { Source, Sources } from '../workflow/source.ts'
import type { Approvals } from './approval.ts'
import type { Concurrency } from './concurrency.ts'
import type { Trigger } from './contexts.ts'

/** What all runs of a runner share. */
export type Platform = {
  hub: Hub
  delays: Delays
  workDir: string
  nodePath: string
  environment: Record<string, string>
  builtins: Record<string, Builtin>
  concurrency: Concurrency
  approvals: Approvals
  emit(event: NewRunnerEvent): void
  summariesDir?: string
  guard?: Guard
}

export type JobRecord = {
  id: number
  name: string
  result: Result
  seconds: number
  outputs: Record<string, string>
}

/** A job that holds a machine. */
export type RunningJob = { name: string; processes: Set<number>; dead: AbortController }

/** One workflow run. */
export type RunState = {
  platform: Platform
  run: Run
  trigger: Trigger
  github: Record<string, unknown>
  caller: Source
  sources: Sources
  /** Someone asked to cancel it. */
  cancelled: AbortController
  /** Nothing of it runs any more: the five minutes after a cancel are over (`cut`), or it vanished (`lost`). */
  dead: AbortController
  running: Map<number, RunningJob>
  records: JobRecord[]
  annotations: (Annotation & { job?: string })[]
  replaced: Set<string>
}

export type Outcome = { result: Result; outputs: Record<string, string> }

/** One result of several jobs: a failure outweighs a cancel, a cancel a success; skipped only when all are. */
export function combined(results: Result[]): Result {
  if (results.includes('failure')) return 'failure'
  if (results.includes('cancelled')) return 'cancelled'
  return results.length > 0 && results.every((result) => result === 'skipped') ? 'skipped' : 'success'
}

/** Resolves when the signal fires. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
