import type { Annotation } from './job/commands.ts'

export type Result = 'success' | 'failure' | 'cancelled' | 'skipped'

/** What the live view and the report see; `at` is milliseconds since 1970. */
export type RunnerEvent = { at: number; runId: number } & (
  | { type: 'run-queued' | 'run-started'; workflow: string; name: string; event: string }
  | { type: 'run-waiting'; group: string }
  | { type: 'run-finished'; workflow: string; conclusion: Result | 'startup_failure'; errors: string[] }
  | { type: 'job-queued'; jobId: number; name: string }
  | {
      type: 'job-waiting'
      jobId: number
      name: string
      reason: 'concurrency' | 'approval' | 'timer'
      of: string
    }
  | {
      type: 'job-approved' | 'job-rejected'
      jobId: number
      name: string
      environment: string
      by: string
      comment: string
    }
  | { type: 'job-started'; jobId: number; name: string; environment?: string }
  | {
      type: 'job-finished'
      jobId: number
      name: string
      result: Result
      seconds: number
      outputs: Record<string, string>
    }
  | { type: 'runner-lost'; jobId: number; name: string }
  | { type: 'step-started'; jobId: number; number: number; name: string }
  | {
      type: 'step-finished'
      jobId: number
      number: number
      name: string
      conclusion: Result
      outcome: Result
      seconds: number
    }
  | { type: 'log'; jobId: number; step: string; line: string }
  | { type: 'summary'; jobId: number; job: string; step: string; markdown: string; file?: string }
  | ({ type: 'annotation'; jobId?: number; step?: string } & Annotation)
  | { type: 'replaced'; jobId: number; action: string }
)

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never
export type NewRunnerEvent = WithoutTime<RunnerEvent>
