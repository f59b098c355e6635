import type { Arguments } from '../command/arguments.ts'
import type { RunnerEvent } from '../runner/events.ts'
import type { Scenario } from '../scenario/scenarios.ts'
import type { Preview } from '../subject/preview-plan.ts'

/** An event of the release record as it lies on the branch. */
export type RecordedEvent = {
  release: string
  seq: number
  at: string
  kind: string
  key: string
  actor: string
  digest: string | null
  run: { id: number; job: string } | null
  data: Record<string, unknown>
}

/** A status of the rollout's deployment, as GitHub shows it. */
export type ReportedStatus = { at: number; deployment: number; state: string; description: string }

/** One decision at a sign-off environment. */
export type Decision = {
  at: number
  runId: number
  environment: string
  by: string
  state: 'approved' | 'rejected'
  comment: string
}

/** What a person or the platform did to the release. */
export type Act = { at: number; what: string }

/** One second of the service's own count. Times are milliseconds since 1970, latencies milliseconds. */
export type Second = {
  at: number
  canary: { requests: number; failed: number; p50: number | null; p99: number | null }
  stable: { requests: number; failed: number; p50: number | null; p99: number | null }
}

export type PlayedJob = {
  id: number
  name: string
  result: string
  seconds: number
  startedAt: number | null
}
export type PlayedRun = {
  id: number
  workflow: string
  conclusion: string
  startedAt: number
  jobs: PlayedJob[]
}

/** Everything that a rehearsal saw; the document, the exit status and the report are drawn from it alone. */
export type Played = {
  arguments: Arguments
  scenario: Scenario
  product: string
  out: string
  repository: string
  preview: Preview
  startedAt: number
  endedAt: number
  events: RunnerEvent[]
  runs: PlayedRun[]
  weights: { at: number; weight: number }[]
  decisions: Decision[]
  acts: Act[]
  record: RecordedEvent[]
  statuses: ReportedStatus[]
  seconds: Second[]
  counts: { stable: number; canary: number; failed: number }
  lastSecond: { stable: number; canary: number }
  finalWeight: number
  firstFaultAt: number | null
  lastCanaryAt: number | null
  /** Body of the published GitHub Release; null when none was published. */
  notes: string | null
  /** The release ticket as people see it at the end, with its comments; null when none was opened. */
  ticket: string | null
  violations: string[]
}
