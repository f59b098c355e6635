/** Why the record refuses; stable codes. */
export const recordReasons = {
  'illegal-transition': 'the release is in a state from which this cannot follow',
  'broken-chain': 'the record was changed by hand or is incomplete',
  'record-too-new': 'the record was written by a later version of relman',
  'stale-token': 'somebody else took the lease of the service since',
  'lease-held': 'another rollout of the service holds the lease',
  'record-contended': 'others wrote the record at the same time, again and again',
} as const
export type RecordReason = keyof typeof recordReasons

/** The record refuses a write, or what it holds cannot be trusted. Nothing was written. */
export class RecordError extends Error {
  readonly reasonCode: RecordReason

  constructor(reasonCode: RecordReason, message: string) {
    super(message)
    this.name = 'RecordError'
    this.reasonCode = reasonCode
  }
}
