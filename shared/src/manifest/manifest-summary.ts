import { markdownTable } from 'markdown-table'
import { drawGraph } from '../dependency/draw-graph.ts'
import { inline } from '../text/escape-markdown.ts'
import type { Manifest } from './manifest.ts'
import { componentsOf } from './manifest-components.ts'
import type { ManifestReview } from './review-manifest.ts'

/** The review as Markdown for a job summary or a ticket, with the drawing. Every text of people is inert in it. */
export const manifestSummary = (manifest: Manifest, review: ManifestReview): string => {
  const parts = new Map(manifest.components.map((part) => [part.component, part]))
  const layerOf = new Map(
    review.layers.flatMap((layer, index) => layer.map((name) => [name, index + 1] as const)),
  )
  const confirmed = new Map(review.confirmations.map((each) => [each.team, each]))
  const rows = review.order.map((name) => {
    const part = parts.get(name)
    const team = confirmed.get(part?.team ?? '')
    return [
      String(layerOf.get(name)),
      inline(name, 100),
      inline(part?.version ?? '', 100),
      inline(part?.team ?? '', 100),
      inline(part?.repository ?? '', 150),
      String(part?.changes.length ?? 0),
      team?.state === 'confirmed' ? `yes, ${inline(team.by ?? '', 100)}` : '**no**',
    ]
  })
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`### ${title}`, lines.map((line) => `- ${line}`).join('\n')]
  return [
    `## ${inline(manifest.name, 100)}, revision ${manifest.revision}`,
    `**${review.ready ? 'Ready' : 'Not ready'}.** Led by ${inline(manifest.owner, 100)}.${review.checkpoint ? ` Go or no-go: ${review.checkpoint.at}.` : ''}`,
    ...list(
      'What holds it',
      review.blockers.map(({ text }) => inline(text, 500)),
    ),
    ...(rows.length === 0
      ? []
      : [
          '### Order of deployment',
          markdownTable([
            ['layer', 'component', 'version', 'team', 'repository', 'changes', 'confirmed'],
            ...rows,
          ]),
          `Rollback sequence: ${review.rollback.map((name) => inline(name, 100)).join(' → ')}`,
        ]),
    ...list(
      'Deferred to a later release',
      review.deferred.map(
        ({ component, why }) => `${inline(component, 100)}: ${inline(why.join('; '), 500)}`,
      ),
    ),
    ...(review.split
      ? list(`Proposed split: ${inline(review.split.why, 500)}`, [
          ...review.split.releases.map(
            ({ components, after }, index) =>
              `release ${index + 1}: ${components.map((name) => inline(name, 100)).join(', ')}${after.length > 0 ? `, after release ${after.join(' and ')}` : ''}`,
          ),
        ])
      : []),
    '### Dependencies',
    drawGraph(componentsOf(manifest), new Set(review.deferred.map(({ component }) => component))),
  ].join('\n\n')
}
