import type { ReleaseState } from '../record/event.ts'
import type { RunLook } from '../train/train.ts'
import type { Comment } from '../train/word.ts'
import type { Clock } from './clock.ts'
import type { GitHub } from './github.ts'
import type { RecordStore } from './record-store.ts'

/** Another repository that a train drives, with the token of an app. Every function fails with a GitHubError. */
export type Partner = {
  /** A file of its default branch; null when absent. */
  file(path: string): Promise<string | null>
  /** Whether this account may push to it. */
  mayPush(login: string): Promise<boolean>
  /**
   * Starts a workflow of its default branch by dispatch. Null: it was started and its run is not known yet. After an answer
   * that was lost it fails, and only `find` tells whether it was started.
   */
  start(workflow: string, inputs: Record<string, string>): Promise<RunLook | null>
  /** The run of a workflow whose name holds the key, among those dispatched since then (Unix milliseconds); null when there is none. */
  find(workflow: string, key: string, since: number): Promise<RunLook | null>
  run(id: number): Promise<RunLook>
  cancel(run: number): Promise<void>
  /** Of one release in its record, and, where it is live by that, the version that the service has live. */
  release(service: string, version: string): Promise<{ state: ReleaseState | null; live: string | null }>
}

/** What a pass over a train needs. */
export type TrainPorts = {
  /** The repository that coordinates. */
  github: GitHub
  store: RecordStore
  /** Whether this account may push to it. */
  mayPush(login: string): Promise<boolean>
  /** Comments on an issue of the repository that coordinates. */
  comments(issue: number): Promise<Comment[]>
  /** Number of the issue with this label that a bot wrote and that has the marker; null when there is none. */
  ticket(label: string, marker: string): Promise<number | null>
  /** Null without a token for other repositories. */
  partner: ((repository: string) => Partner) | null
  dryRun: boolean
  clock: Clock
  sha256: (text: string) => string
  /** Writes a file beside the job's other files and gives its path. */
  write: (name: string, text: string) => Promise<string>
}
