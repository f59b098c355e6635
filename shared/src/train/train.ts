import type { Manifest } from '../manifest/manifest.ts'
import type { ManifestReview } from '../manifest/review-manifest.ts'
import type { EventDraft, RecordEvent, ReleaseState } from '../record/event.ts'
import type { TeamWord, Word } from './word.ts'

export type Operation = 'release' | 'rollback'

/** A workflow run in the repository of a component. */
export type RunLook = { id: number; over: boolean; conclusion: string | null; url: string }

/** What is known of one component, from its own repository and its record there. */
export type PartFacts = {
  component: string
  /** Why its repository cannot be driven, each with the fix; only looked for before the train leaves. */
  faults: readonly string[]
  /** Of the release of its version, read after the runs; null: nothing is known of it. */
  state: ReleaseState | null
  /** The version that its service has live; null when none is known. */
  live: string | null
  release: RunLook | null
  rollback: RunLook | null
  /** Why it could not be read now: then nothing is concluded. */
  trouble: string | null
}

/** What one pass over a train sees. `now` is ISO 8601. */
export type TrainFacts = {
  manifest: Manifest
  review: ManifestReview
  /** Of the revision in force. */
  digest: string
  now: string
  events: readonly RecordEvent[]
  parts: ReadonlyMap<string, PartFacts>
  teams: readonly TeamWord[]
  /** What those who may decide said of this revision, oldest first. */
  words: readonly Word[]
  /** Whether a token for the other repositories is there. */
  drivable: boolean
}

/** What is to be done in another repository. */
export type Move =
  | { act: 'start'; component: string; operation: Operation; attempt: number }
  | { act: 'cancel'; component: string; run: number }

export type Standing =
  | 'waiting'
  | 'running'
  | 'completed'
  | 'unsettled'
  | 'failed'
  | 'deferred'
  | 'undoing'
  | 'undone'
  | 'stuck'
  | 'kept'

/** Where one component stands; `why` is one sentence, empty when there is nothing to say. */
export type PartStanding = { component: string; standing: Standing; why: string; url: string | null }

export type Draft = Pick<EventDraft, 'kind' | 'key' | 'data'>

/** What a pass comes to: what to write down first, then what to do. Empty lists: nothing changes until something else does. */
export type Pass = {
  decision: 'waiting' | 'no-go' | 'driving' | 'undoing' | 'completed' | 'rolled-back' | 'rollback-failed'
  reasonCode: string
  message: string
  /** What holds it, each with the fix. */
  holds: readonly string[]
  drafts: readonly Draft[]
  moves: readonly Move[]
  parts: readonly PartStanding[]
}
