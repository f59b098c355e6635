import type { Guard } from '../runner/process/guard.ts'

/** Where a rehearsal happens, and what ends it early. */
export type Place = {
  /** A person's own configuration, as it stands in the file that was named; null without one. */
  own: string | null
  /** The temporary folder, removed at the end. */
  folder: string
  out: string
  /** The folder that holds `dist/`, the workflows and the actions. */
  product: string
  guard: Guard
  ending: AbortSignal
}
