import { markdownTable } from 'markdown-table'
import type { ObjectiveResult } from '../purpose/objective-result.ts'
import { recordedObjectives } from '../purpose/objective-result.ts'
import { inline } from '../text/escape-markdown.ts'
import type { Reviewed } from './review.ts'

/** One thing that was wanted, as `post-release-metrics.json` has it. */
export type MeasuredRow = {
  what: string
  kind: 'objective' | 'criterion'
  wanted: string | null
  before: string | null
  release: string | null
  now: string | null
  outcome: string
  why: string
}

/** Objectives, then criteria: wanted, before, at the release, now. */
export const measuredRows = ({ review, events }: Pick<Reviewed, 'review' | 'events'>): MeasuredRow[] => {
  const first = recordedObjectives(events) ?? []
  const then = ({ text }: ObjectiveResult) => first.find((one) => one.text === text)?.observed ?? null
  return [
    ...review.objectives.map((one) => ({
      what: one.text,
      kind: 'objective' as const,
      wanted: one.wanted,
      before: null,
      release: then(one),
      now: one.observed,
      outcome: one.outcome,
      why: one.why,
    })),
    ...review.criteria.map(({ metric, written, before, release, now, outcome, why }) => ({
      what: metric,
      kind: 'criterion' as const,
      wanted: written,
      before,
      release,
      now,
      outcome,
      why,
    })),
  ]
}

const marks: Record<string, string> = {
  met: '✅ met',
  held: '✅ held',
  missed: '❌ **missed**',
  broken: '❌ **does not hold**',
  observed: 'measured',
  inconclusive: '❔ not known',
}

const cell = (text: string | null): string => (text === null ? '–' : inline(text, 120))

/** `most` rows of what was measured, as a table. */
export const showMeasured = (reviewed: Pick<Reviewed, 'review' | 'events'>, most = 120): string => {
  const rows = measuredRows(reviewed)
  const { review } = reviewed
  if (rows.length === 0)
    return review.state === 'completed'
      ? 'The plan has neither objectives nor checks: nothing was measured.'
      : 'The version was taken back: there is nothing of it to measure now.'
  const lines = rows
    .slice(0, most)
    .map(({ what, wanted, before, release, now, outcome, why }) => [
      inline(what, 120),
      cell(wanted),
      cell(before),
      cell(release),
      cell(now),
      `${marks[outcome] ?? inline(outcome)}: ${inline(why, 200)}`,
    ])
  const left = rows.length - lines.length
  const span = review.span
    ? [
        `Now: ${time(review.span.from)} to ${time(review.span.to)} UTC. Before: the previous version, for as long before the rollout. These are two times, so that a difference may be the times' own.`,
      ]
    : []
  return [
    markdownTable([['what', 'wanted', 'before', 'at the release', 'now', ''], ...lines]),
    ...(left > 0 ? [`and ${left} more.`] : []),
    ...span,
  ].join('\n\n')
}

const time = (at: string): string => at.slice(0, 16).replace('T', ' ')
