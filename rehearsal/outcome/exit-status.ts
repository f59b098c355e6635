import type { Outcome } from '../scenario/scenarios.ts'

/** 0 released, 3 rolled back and healthy on the previous version, 4 refused before any exposure, 1 anything else. */
export const exitStatus = (outcome: Outcome): number =>
  ({ released: 0, 'rolled-back': 3, refused: 4, failed: 1 })[outcome]
