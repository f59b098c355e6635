import type { WindowChoice } from './choose-window.ts'
import type { ReleaseSchedule } from './release-schedule.ts'

/** A plan is bounded, and nobody asks for the hundredth. */
const mostRanked = 100

/** The windows of a choice with score, points of each term and what stands against them, best first; times that do not exist are left out. */
export const rankingOf = ({
  candidates,
}: Pick<WindowChoice, 'candidates'>): NonNullable<ReleaseSchedule['ranking']> =>
  candidates
    .flatMap(({ span, score, conflicts }) =>
      span && score
        ? [
            {
              start: span.start,
              score: score.total,
              points: score.terms.map(({ points }) => points),
              conflicts: [...new Set(conflicts.map(({ kind }) => kind))],
            },
          ]
        : [],
    )
    .slice(0, mostRanked)
