import type { Change } from '../scope/change.ts'
import { code, inline } from '../text/escape-markdown.ts'
import { highlights } from './highlights.ts'
import { sectionOf, sectionTitles, shippedChanges } from './note-sections.ts'
import type { Noted } from './noted.ts'
import { theme } from './theme.ts'

/** GitHub refuses a release whose text is longer (planning.md, complaint 20). */
export const releaseTextLimit = 125_000

const caps = [Number.POSITIVE_INFINITY, 500, 200, 100, 50, 20, 10, 5, 0]

/**
 * The notes of a release in Markdown: theme and date, highlights, upgrade instructions, the sections of row N1, known
 * issues. `date` is ISO 8601. Where all would be longer than `limit` characters, sections are cut and say by how much.
 */
export const releaseNotes = (plan: Noted, date: string, limit = releaseTextLimit): string => {
  const written = caps.map((cap) => () => write(plan, date, cap))
  for (const attempt of written) {
    const text = attempt()
    if (text.length <= limit) return text
  }
  return write(plan, date, 0).slice(0, limit)
}

const write = (plan: Noted, date: string, cap: number): string =>
  [
    head(plan, date),
    first(plan),
    upgrade(plan, cap),
    ...sections(plan, cap),
    unlisted(plan),
    known(plan, cap),
  ]
    .filter((part) => part !== '')
    .join('\n\n')

const head = (plan: Noted, date: string): string => {
  const day = date.slice(0, 10)
  const about = theme(shippedChanges(plan.changes))
  return `**${inline(plan.service)} ${inline(plan.version)}**, released ${day}${about === '' ? '' : `. Theme: ${inline(about, 200)}`}`
}

const first = (plan: Noted): string => {
  const chosen = highlights(plan.changes)
  if (chosen.length === 0) return ''
  return `## Highlights\n\n${chosen.map(({ word, change }) => `- ${word}: ${inline(change.title, 200)}${reference(change)}`).join('\n')}`
}

const upgrade = (plan: Noted, cap: number): string => {
  const told = shippedChanges(plan.changes).filter(
    (change) => change.breaking || change.details.upgrade !== undefined,
  )
  const lines = told.map(
    (change) =>
      `- ${inline(change.details.upgrade ?? change.breakingNote ?? change.title, 1_000)}${reference(change)}`,
  )
  const count = plan.migrations.length
  const database =
    count === 0
      ? []
      : [
          `- ${count} database migration ${count === 1 ? 'file runs' : 'files run'} with this release: ${plan.migrations
            .slice(0, 10)
            .map((path) => code(path))
            .join(', ')}${count > 10 ? ` and ${count - 10} more` : ''}`,
        ]
  if (lines.length + database.length === 0) return ''
  return `## Upgrade Instructions\n\n${capped([...database, ...lines], cap).join('\n')}`
}

const sections = (plan: Noted, cap: number): string[] => {
  const shipped = shippedChanges(plan.changes)
  return sectionTitles.map((title) => {
    const items = shipped.filter((change) => sectionOf(change) === title)
    if (items.length === 0) return ''
    const lines = capped(items.map(item), cap).join('\n')
    if (title !== 'Other Changes') return `## ${title}\n\n${lines}`
    return `## ${title}\n\n<details><summary>${items.length} ${items.length === 1 ? 'change' : 'changes'}</summary>\n\n${lines}\n\n</details>`
  })
}

const item = (change: Change): string => {
  const { before, after, impact, workaround } = change.details
  const more = [
    change.breaking && change.breakingNote ? inline(change.breakingNote, 1_000) : '',
    before ? `Before: ${inline(before, 500)}` : '',
    after ? `After: ${inline(after, 500)}` : '',
    impact ? `Impact: ${inline(impact, 500)}` : '',
    workaround ? `Workaround: ${inline(workaround, 500)}` : '',
  ].filter((line) => line !== '')
  const area = change.area ? `**${inline(change.area, 80)}**: ` : ''
  return [
    `- ${area}${inline(change.title)}${reference(change)} by ${inline(change.author, 60) || 'unknown'}`,
    ...more.map((line) => `  - ${line}`),
  ].join('\n')
}

/** Numbers are ours, so they may be references; everything else in a line may not. */
const reference = ({ pull, issues, sha }: Change): string => {
  const own = pull === null ? code(sha.slice(0, 7)) : `#${pull}`
  const linked =
    issues.length > 0
      ? `, for ${issues
          .slice(0, 5)
          .map((number) => `#${number}`)
          .join(', ')}`
      : ''
  return ` (${own}${linked})`
}

const unlisted = ({ unlisted: { changes } }: Noted): string =>
  changes === 0 ? '' : `And ${changes} more changes, in the history only.`

const known = (plan: Noted, cap: number): string => {
  const told = shippedChanges(plan.changes).filter((change) => change.details['known-issue'] !== undefined)
  if (told.length === 0) return ''
  return `## Known Issues\n\n${capped(
    told.map((change) => `- ${inline(change.details['known-issue'] ?? '', 500)}${reference(change)}`),
    cap,
  ).join('\n')}`
}

const capped = (lines: readonly string[], cap: number): string[] =>
  lines.length <= cap
    ? [...lines]
    : [...lines.slice(0, cap), `- and ${lines.length - cap} more, all in the plan of this release`]
