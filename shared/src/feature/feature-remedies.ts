import type { PlannedBug, PlannedFeatures } from './planned-features.ts'

/** What an incomplete feature asks for. */
export const featureRemedy = ({ defer }: Pick<PlannedFeatures, 'defer'>): string =>
  `finish it, or take it out of this release (the label ${defer}, or features.deferred with its reason), then plan again`

/** What a bug lacks, as one sentence. */
export const bugRemedy = ({ missing }: Pick<PlannedBug, 'missing'>): string =>
  missing.map((what) => (what === 'owner' ? 'assign somebody' : 'label its priority')).join(' and ')
