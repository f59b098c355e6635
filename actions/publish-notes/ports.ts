import type { Clock } from '@relman/core/ports/clock'
import type { GitHub } from '@relman/core/ports/github'
import type { RecordStore } from '@relman/core/ports/record-store'

export type Ports = {
  github: GitHub
  store: RecordStore
  clock: Clock
  dryRun: boolean
  /** Writes a file beside the job's other files and gives its path. */
  write: (name: string, text: string) => Promise<string>
}
