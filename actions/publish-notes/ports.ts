import type { Plan } from '@relman/core/plan/plan'
import type { Clock } from '@relman/core/ports/clock'
import type { GitHub } from '@relman/core/ports/github'
import type { RecordStore } from '@relman/core/ports/record-store'
import type { Seen } from '@relman/core/purpose/measure-objective'

export type Ports = {
  github: GitHub
  store: RecordStore
  clock: Clock
  dryRun: boolean
  /** Writes a file beside the job's other files and gives its path. */
  write: (name: string, text: string) => Promise<string>
  /** What these checks of a plan say of the version between two moments (Unix seconds). Never fails. */
  readSince(plan: Plan, names: readonly string[], from: number, to: number): Promise<Seen>
}
