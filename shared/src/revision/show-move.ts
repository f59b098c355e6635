import type { RecordEvent } from '../record/event.ts'
import { type MovedWindow, movedWindow } from '../schedule/moved-window.ts'
import { inline } from '../text/escape-markdown.ts'

const mostShown = 20

/** GitHub's own form of a person or a team. */
const handle = /^@[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:\/[A-Za-z0-9][A-Za-z0-9._-]{0,99})?$/

/** What the record holds of moved windows, oldest first; what cannot be read is left out. */
export const movesIn = (events: readonly RecordEvent[]): { digest: string; moved: MovedWindow }[] =>
  events.flatMap(({ kind, digest, data }) => {
    const { data: moved } = movedWindow.safeParse(kind === 'planned' ? data['moved'] : undefined)
    return moved && digest !== null ? [{ digest, moved }] : []
  })

/** The move for the job summary. */
export const showMove = ({ text, affected }: MovedWindow): string =>
  [`## The window moved`, '', `**${inline(text, 700)}**`, '', ...lines(affected, inline)].join('\n')

/**
 * The move as a comment that tells those affected. Names come from the policy of the protected branch: only who is written
 * there as `@login` or `@org/team` is mentioned.
 */
export const tellMove = (name: string, { text, affected }: MovedWindow): string =>
  [
    `**The window of ${inline(name, 200)} moved**: ${inline(text, 700)}`,
    '',
    ...lines(affected, (who) => (handle.test(who) ? who : inline(who, 100))),
  ].join('\n')

const lines = (affected: MovedWindow['affected'], name: (who: string) => string): string[] => [
  'Affected:',
  '',
  ...affected
    .slice(0, mostShown)
    .map(({ who, why }) => `- ${name(who)}${why === '' ? '' : `: ${inline(why, 300)}`}`),
  ...(affected.length > mostShown ? [`- and ${affected.length - mostShown} more, in the record`] : []),
]
