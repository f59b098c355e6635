import { inline } from '../text/escape-markdown.ts'
import { bugRemedy, featureRemedy } from './feature-remedies.ts'
import type { PlannedBug, PlannedFeature, PlannedFeatures } from './planned-features.ts'

/** Rows of the ticket; the plan has all. */
export const mostInTicket = 20

/** What the release shall hold and whether it does, in the order of what stands in its way. Text is untrusted. */
export const showFeatures = (planned: PlannedFeatures | undefined, most = 100): string => {
  if (!planned) return ''
  const { features, bugs, counts, milestone } = planned
  const parts = [
    `## Features: ${counts.ready} ready, ${counts.incomplete} incomplete, ${counts.deferred} not in this release`,
    `Milestone [${inline(milestone.title, 120)}](${address(milestone.url)})${counts.unread > 0 ? `; **${counts.unread} of its issues are too many to read**` : ''}.`,
    ...(features.length > 0 ? [featureTable(planned, most)] : []),
    ...(bugs.length > 0 ? [bugTable(planned, most)] : []),
  ]
  return parts.join('\n\n')
}

const marks = { ready: '✔ ready', incomplete: '**incomplete**', deferred: 'not in this release' } as const

const featureTable = (planned: PlannedFeatures, most: number): string => {
  const shown = planned.features.slice(0, most)
  const { ready, incomplete, deferred } = planned.counts
  const rows = shown.map(
    (feature) =>
      `| #${feature.number} ${inline(feature.title, 90)} | ${marks[feature.verdict]}${feature.why ? `: ${inline(feature.why, 200)}` : ''} | ${owners(feature.owners)} | ${criteria(feature)} | ${range(feature)} |`,
  )
  const first = shown.some(({ verdict }) => verdict === 'incomplete')
  return [
    '| feature | state | owner | criteria met | in the range |',
    '|---|---|---|---|---|',
    ...rows,
    ...more(ready + incomplete + deferred - shown.length),
    ...(first ? ['', `Incomplete: ${inline(featureRemedy(planned), 300)}.`] : []),
  ].join('\n')
}

const bugTable = ({ bugs, counts }: PlannedFeatures, most: number): string => {
  const shown = bugs.slice(0, most)
  return [
    `**Open bugs: ${counts.bugs}${counts.untriaged > 0 ? `, ${counts.untriaged} without owner or priority` : ''}**`,
    '',
    '| bug | priority | owner | to do |',
    '|---|---|---|---|',
    ...shown.map(bugRow),
    ...more(counts.bugs - shown.length),
  ].join('\n')
}

const bugRow = (bug: PlannedBug): string =>
  `| #${bug.number} ${inline(bug.title, 90)} | ${bug.priority ? inline(bug.priority, 50) : '**none**'} | ${owners(bug.owners)} | ${bugRemedy(bug)} |`

const more = (count: number): string[] => (count > 0 ? ['', `and ${count} more.`] : [])

const owners = (logins: readonly string[]): string =>
  logins.length > 0 ? logins.map((login) => inline(login, 50)).join(', ') : '**nobody**'

const criteria = ({ criteria: { met, unmet, open } }: PlannedFeature): string => {
  if (met + unmet === 0) return 'none written'
  const [first] = open
  return `${met} of ${met + unmet}${first ? `; open: ${inline(first, 60)}` : ''}`
}

const range = ({ inRange }: PlannedFeature): string =>
  inRange === null ? 'not known' : inRange ? 'yes' : 'no'

/** An address as GitHub gives it, and nothing that could end a link. */
const address = (url: string): string => (/^https?:\/\/[^\s<>()[\]]+$/.test(url) ? url : '')
