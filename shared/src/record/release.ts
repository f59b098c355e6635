import type { EventKind, RecordEvent, ReleaseState } from './event.ts'
import type { Phase } from './phase.ts'

/** Who agreed, for which plan, in which attempt of which run. */
export type SignoffRecord = {
  role: string
  environment: string
  by: string
  comment: string
  digest: string
  run: number
  attempt: number
  at: string
  seq: number
}

/** One weight that was visited. */
export type StepRecord = {
  step: number
  weight: number
  at: string
  verdict: string | null
  reason: string | null
  seconds: number | null
}

/** How a release ended: every ending has all of these, a crash too. */
export type Ending = {
  state: ReleaseState
  at: string
  /** From the first event to the ending. */
  seconds: number
  error: string | null
  rollback: { recovered: boolean; seconds: number | null; error: string | null } | null
  metrics: RecordEvent['data'][string] | null
}

/** A release as its events tell it. */
export type Release = {
  service: string
  release: string
  /** null: nothing is known of it. */
  state: ReleaseState | null
  /** Digest of the plan revision in force; sign-offs of any other count for nothing. */
  digest: string | null
  /** How many revisions were planned. */
  revision: number
  signoffs: SignoffRecord[]
  phases: Phase[]
  steps: StepRecord[]
  token: number | null
  deployment: number | null
  published: boolean
  ending: Ending | null
  lastKind: EventKind | null
  lastAt: string | null
}
