import { cut } from '../text/visible.ts'
import type { Manifest } from './manifest.ts'
import type { ManifestReview } from './review-manifest.ts'

/** The review as plain text for a terminal: order, layers, the way back, who has not confirmed, what holds it. */
export const showReview = (manifest: Manifest, review: ManifestReview): string => {
  const parts = new Map(manifest.components.map((part) => [part.component, part]))
  const one = (name: string): string => {
    const part = parts.get(name)
    return `${cut(name, 100)}${part?.version ? ` ${part.version}` : ''} (${cut(part?.team ?? '', 100)}, ${part?.repository})`
  }
  const { checkpoint, split } = review
  return [
    `${cut(manifest.name, 100)}, revision ${manifest.revision}, led by ${cut(manifest.owner, 100)}: ${review.ready ? 'ready' : 'NOT READY'}`,
    ...(checkpoint
      ? [`Go or no-go: ${checkpoint.at}${checkpoint.place ? `, ${cut(checkpoint.place, 200)}` : ''}`]
      : []),
    ...section(
      'Order of deployment',
      review.layers.flatMap((layer, index) => [
        `layer ${index + 1}${layer.length > 1 ? ' (may run at the same time)' : ''}`,
        ...layer.flatMap((name) => [
          `  ${one(name)}`,
          ...(parts.get(name)?.changes ?? []).map((change) => `    - ${cut(change, 200)}`),
        ]),
      ]),
    ),
    ...section(
      'Rollback sequence',
      numbered(review.rollback.map((name) => back(name, parts.get(name)?.previous))),
    ),
    ...section(
      'Confirmations',
      review.confirmations.map(({ team, state, by, revision }) =>
        state === 'confirmed'
          ? `${cut(team, 100)}: confirmed by ${cut(by ?? '', 100)}`
          : state === 'missing'
            ? `${cut(team, 100)}: NOT CONFIRMED`
            : `${cut(team, 100)}: NOT CONFIRMED (${cut(by ?? '', 100)} confirmed ${revision === manifest.revision ? 'a part of it' : `revision ${revision}`})`,
      ),
    ),
    ...section(
      'Deferred to a later release',
      review.deferred.map(
        ({ component, team, why }) => `${cut(component, 100)} (${cut(team, 100)}): ${why.join('; ')}`,
      ),
    ),
    ...section(
      'What holds it',
      review.blockers.map(({ text }) => text),
    ),
    ...(split
      ? section(`Proposed split: ${split.why}`, [
          ...split.releases.map(
            ({ components, after }, index) =>
              `release ${index + 1}: ${components.map((name) => cut(name, 100)).join(', ')}${after.length > 0 ? `, after release ${after.join(' and ')}` : ''}`,
          ),
        ])
      : []),
  ].join('\n')
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]

const numbered = (lines: readonly string[]): string[] => lines.map((line, index) => `${index + 1}. ${line}`)

const back = (name: string, previous: string | undefined): string =>
  `${cut(name, 100)}${previous === undefined ? ' (previous version not written)' : ` to ${previous}`}`
