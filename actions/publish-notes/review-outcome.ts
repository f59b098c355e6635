import type { Outcome } from '@relman/core/runtime/outcome'
import { inline } from '@relman/core/text/escape-markdown'
import type { Done } from './review-release.ts'

type Wait = { name: string; at: string }
type Told = { done: Done[]; troubles: string[]; waits: Wait[]; left: number; dryRun: boolean }

/** What was reviewed; red where a release could not be. */
export const reviewOutcome = ({ done, troubles, waits, left, dryRun }: Told): Outcome => {
  const message = [
    ...done.map(({ name, words }) => `${name} ${dryRun ? 'would be' : 'is'} reviewed: ${words}`),
    ...done.flatMap(({ said }) => (said === '' ? [] : [said])),
    ...done.flatMap(({ name, trouble }) => (trouble === '' ? [] : [`${name}: ${trouble}`])),
    ...troubles.slice(0, 10).map((trouble) => `not reviewed: ${trouble}`),
    ...(left > 0 ? [`${left} more are left to the next run`] : []),
  ].join('; ')
  const failed = troubles.length > 0
  const [only] = done.length === 1 ? done : []
  return {
    decision: dryRun ? 'would-review' : done.length > 0 ? 'reviewed' : 'refused',
    reasonCode: failed ? 'review-unread' : dryRun ? 'dry-run' : 'reviewed',
    message,
    failed,
    outputs: { state: '', url: only?.ticketUrl ?? '', 'change-request': only?.changeRequest ?? '' },
    data: {
      reviews: done.map(({ name, version, words, files, ticketUrl }) => ({
        name,
        version,
        words,
        files,
        ticketUrl,
      })),
      waits: waits.slice(0, 100).map(({ name, at }) => ({ name, at })),
      left,
    },
    summary: [
      '# Post-release review',
      `**${inline(message, 1_000)}**`,
      ...done.flatMap(({ name, pages }) => [
        `## ${inline(name)}`,
        ...pages.map(
          ({ title, text }) =>
            `<details><summary>${title}</summary>\n\n${text.replace(/^# .*\n+/, '').trimEnd()}\n\n</details>`,
        ),
      ]),
    ].join('\n\n'),
  }
}

/** Nothing to review now, and when the next one is due. */
export const nothingDue = (waits: readonly Wait[], { version }: { version: string }): Outcome => {
  const next = [...waits].sort((a, b) => (a.at < b.at ? -1 : 1))[0]
  const message = next
    ? `no review is due; that of ${next.name} is on ${next.at.slice(0, 16).replace('T', ' ')} UTC${version === '' ? '' : ', or now with early: true'}`
    : 'no review is due'
  return {
    decision: 'nothing',
    reasonCode: 'no-review-due',
    message,
    failed: false,
    outputs: { state: '', url: '', 'change-request': '' },
    data: { reviews: [], waits: waits.slice(0, 100).map(({ name, at }) => ({ name, at })), left: 0 },
    summary: `# Post-release review\n\n${inline(message, 600)}`,
  }
}

export const refusedReview = (reasonCode: 'not-recorded' | 'not-ended', message: string): Outcome => ({
  decision: 'refused',
  reasonCode,
  message,
  failed: true,
  outputs: { state: '', url: '', 'change-request': '' },
  data: { reviews: [] },
  summary: '',
})
