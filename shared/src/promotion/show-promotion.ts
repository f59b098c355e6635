import { code, inline } from '../text/escape-markdown.ts'
import { showSeconds } from '../text/show-seconds.ts'
import type { Promotion } from './promotion.ts'

/** The way of the artifact as a few lines. */
export const showPromotion = ({ environments, artifact, digest, keep, window }: Promotion): string =>
  [
    '## Promotion',
    '',
    `- **Order**: ${environments.map((name) => inline(name)).join(' → ')}; the same digest throughout, none skipped`,
    `- **Artifact**: ${artifact === null ? 'none is configured (artifact)' : `${inline(artifact)}${digest ? ` ${code(digest)}` : ', digest not resolved yet'}`}`,
    `- **Retention**: the last ${keep} ${keep === 1 ? 'version stays' : 'versions stay'} deployable; the previous one is kept ready for ${showSeconds(window)} after completion`,
    '',
  ].join('\n')
