import { UsageError } from '../command/arguments.ts'
import { InterruptedError } from '../command/ending.ts'

/** What ended a rehearsal before it had an outcome, for people and for `--json`. */
export type Failure = { reasonCode: 'bad-input' | 'interrupted' | 'defect'; message: string; status: number }

export const failureOf = (error: unknown): Failure => {
  if (error instanceof UsageError) return { reasonCode: 'bad-input', message: error.message, status: 1 }
  if (error instanceof InterruptedError)
    return { reasonCode: 'interrupted', message: error.message, status: error.status }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { reasonCode: 'defect', message: `rehearse: ${message}`, status: 1 }
}

/** The document of a rehearsal that had no outcome: the same keys, so that whoever reads it needs no second shape. */
export const failureDocument = ({ reasonCode, message }: Failure) => ({
  outcome: 'failed',
  reasonCode,
  message,
  version: null,
  previous: null,
  digest: null,
  steps: [],
  traffic: null,
  requests: { total: 0, failed: 0 },
  detectedSeconds: null,
  recoverySeconds: null,
  workflows: [],
  files: [],
  seconds: Math.round(performance.now()) / 1000,
  releases: [],
})
