import { markdownTable } from 'markdown-table'
import { drawGraph } from '../dependency/draw-graph.ts'
import { componentsOf } from '../manifest/manifest-components.ts'
import { code, inline } from '../text/escape-markdown.ts'
import { cut } from '../text/visible.ts'
import type { Pass, TrainFacts } from './train.ts'
import { shortRevision } from './word.ts'

/** What a page of a train is made of. `invitation` is the iCalendar file, null without a checkpoint. */
export type TrainPage = { facts: TrainFacts; pass: Pass; invitation: string | null; notes: readonly string[] }

const headings: Record<Pass['decision'], string> = {
  waiting: 'Waiting',
  'no-go': 'No-go',
  driving: 'On its way',
  undoing: 'Being undone',
  completed: 'Arrived',
  'rolled-back': 'Undone',
  'rollback-failed': 'NOT UNDONE: people are needed',
}

/** Where the train stands and what is to be done now. Every text of people is inert. */
export const showStanding = ({ pass, notes }: TrainPage): string =>
  [
    `**${headings[pass.decision]}.** ${inline(pass.message, 500)}.`,
    ...list(
      pass.decision === 'rollback-failed' ? 'To do by hand' : 'What holds it',
      pass.holds.map((hold) => inline(hold, 500)),
    ),
    ...notes.map((note) => `*${inline(note, 500)}*`),
  ].join('\n\n')

/** The train as Markdown: order, who confirmed, checkpoint with its invitation, checklist, what is deferred, the drawing. */
export const showTrain = (page: TrainPage): string => {
  const { manifest, review, digest } = page.facts
  return [
    `## ${inline(manifest.name, 100)}, revision ${manifest.revision} (${code(digest.slice(0, 12))})`,
    `Led by ${inline(manifest.owner, 100)}.`,
    ...order(page),
    ...changes(page.facts),
    ...confirmations(page.facts),
    ...checkpoint(page),
    ...checklist(page.facts),
    ...list(
      'Deferred to a later release',
      review.deferred.map(
        ({ component, why }) => `${inline(component, 100)}: ${inline(why.join('; '), 500)}`,
      ),
    ),
    ...list(
      `Proposed split: ${inline(review.split?.why ?? '', 500)}`,
      (review.split?.releases ?? []).map(
        ({ components, after }, index) =>
          `release ${index + 1}: ${components.map((name) => inline(name, 100)).join(', ')}${after.length > 0 ? `, after release ${after.join(' and ')}` : ''}`,
      ),
    ),
    '### Dependencies',
    drawGraph(componentsOf(manifest), new Set(review.deferred.map(({ component }) => component))),
  ].join('\n\n')
}

const list = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`### ${title}`, lines.map((line) => `- ${line}`).join('\n')]

const order = ({ facts: { manifest, review }, pass }: TrainPage): string[] => {
  if (review.order.length === 0) return []
  const written = new Map(manifest.components.map((part) => [part.component, part]))
  const standing = new Map(pass.parts.map((part) => [part.component, part]))
  const rows = review.layers.flatMap((layer, index) =>
    layer.map((component) => {
      const part = written.get(component)
      const { standing: is = 'waiting', why = '', url = null } = standing.get(component) ?? {}
      const stands = url === null ? is : `[${is}](${url})`
      return [
        String(index + 1),
        inline(component, 100),
        inline(part?.version ?? '', 100),
        inline(part?.team ?? '', 100),
        inline(part?.repository ?? '', 150),
        `${stands}${why === '' ? '' : `: ${inline(why, 200)}`}`,
      ]
    }),
  )
  return [
    '### Order of deployment',
    markdownTable([['layer', 'component', 'version', 'team', 'repository', 'stands'], ...rows]),
    `Rollback sequence: ${review.rollback.map((name) => inline(name, 100)).join(' → ')}`,
  ]
}

const mostChanges = 20

const changes = ({ manifest, review }: TrainFacts): string[] => {
  const ships = new Set(review.order)
  return list(
    'What ships',
    manifest.components
      .filter(({ component, changes }) => ships.has(component) && changes.length > 0)
      .map(({ component, team, changes }) => {
        const shown = changes.slice(0, mostChanges).map((change) => inline(change, 200))
        const more = changes.length - shown.length
        return `${inline(component, 100)} (${inline(team, 100)}): ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
      }),
  )
}

const confirmations = ({ teams, digest }: TrainFacts): string[] => {
  if (teams.length === 0) return []
  const rows = teams.map(({ team, state, by, url, why }) => [
    inline(team, 100),
    `${state === 'confirmed' ? 'confirmed' : `**${state}**`}${why === '' ? '' : `: ${inline(why, 200)}`}`,
    by === null ? '' : url === null ? inline(by, 60) : `[${inline(by, 60)}](${url})`,
  ])
  const asked = (teams.find(({ state }) => state !== 'confirmed') ?? teams[0])?.team ?? ''
  return [
    '### Confirmations of this revision',
    markdownTable([['team', 'says', 'by'], ...rows]),
    `To confirm, somebody of the team writes a comment here: ${code(`/relman confirm ${shortRevision(digest)} ${cut(asked, 100)}`, 200)}. To object: ${code(`/relman object ${shortRevision(digest)} ${cut(asked, 100)}`, 200)} and why. An edited comment does not count.`,
  ]
}

const checkpoint = ({ facts: { manifest, review, digest }, invitation }: TrainPage): string[] => {
  if (review.checkpoint === null) return []
  const { at, minutes, place } = review.checkpoint
  const when = `${at}, ${minutes} minutes${place === null ? '' : `, ${inline(place, 200)}`}`
  return [
    '### Go or no-go',
    `${when}. ${inline(manifest.owner, 100)} decides by a comment here: ${code(`/relman go ${shortRevision(digest)}`)} from then on, or ${code(`/relman no-go ${shortRevision(digest)}`)} and why. While the train is on its way, ${code(`/relman stop ${shortRevision(digest)}`)} undoes it.`,
    ...(invitation === null
      ? []
      : [
          `<details><summary>Invitation (save as go-no-go.ics)</summary>\n\n${fenced(invitation)}\n\n</details>`,
        ]),
  ]
}

/** A block whose fence is longer than any run of backticks in it. */
const fenced = (text: string): string => {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}ics\n${text.replaceAll('\r\n', '\n').trimEnd()}\n${fence}`
}

const checklist = ({ manifest, review }: TrainFacts): string[] => {
  const ships = new Set(review.order)
  const items = [
    ...manifest.ready.map((item) => ({ ...item, whose: 'the whole' })),
    ...manifest.components
      .filter(({ component }) => ships.has(component))
      .flatMap(({ component, ready }) => ready.map((item) => ({ ...item, whose: component }))),
  ]
  return list(
    'Readiness checklist',
    items.map(
      ({ whose, item, done, owner }) =>
        `${done ? '✔' : '**open**'} ${inline(whose, 100)}: ${inline(item, 300)}${owner ? ` (${inline(owner, 100)})` : ''}`,
    ),
  )
}
