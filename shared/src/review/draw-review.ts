import { endedOf } from '../caution/lessons.ts'
import { type ProposedCriterion, proposeCriteria } from '../caution/propose-criteria.ts'
import type { Plan } from '../plan/plan.ts'
import type { ObjectiveResult } from '../purpose/objective-result.ts'
import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { cut } from '../text/visible.ts'
import { exceptedBy, gatesOf } from './gated-criteria.ts'
import { lacksOf } from './lacks.ts'
import { type CriterionReview, type Improvement, isReviewed, type Review } from './review.ts'
import { reviewDue } from './review-due.ts'

/** What was measured; `notes` say what is odd about it. */
export type Measured = Pick<Review, 'span' | 'objectives' | 'criteria'> & { notes: readonly string[] }

const mostImprovements = 50

/**
 * The review of a release that ended: what was measured, what the record lacks, which criteria it asks for and what is left to do.
 * Nothing is invented: what no event and no measurement says is a question for people. Null while it has not ended.
 */
export const drawReview = (
  plan: Plan,
  digest: string,
  events: readonly RecordEvent[],
  measured: Measured,
): Review | null => {
  const { state } = fold(events)
  const due = reviewDue(plan, events)
  if (!isReviewed(state) || due === null) return null
  const { span, objectives, criteria, notes } = measured
  const ended = endedOf(plan.version, events)
  const proposed = proposeCriteria([ended], plan.policy.metrics)
  return {
    schema: 1,
    state,
    due: due.at,
    span,
    objectives,
    criteria,
    proposed,
    improvements: improvementsOf({ plan, digest, events, objectives, criteria, proposed }).slice(
      0,
      mostImprovements,
    ),
    lacks: [...lacksOf(plan, digest, events), ...notes].map((text) => cut(text, 300)).slice(0, 50),
  }
}

type Known = {
  plan: Plan
  digest: string
  events: readonly RecordEvent[]
  objectives: readonly ObjectiveResult[]
  criteria: readonly CriterionReview[]
  proposed: readonly ProposedCriterion[]
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60) || 'unnamed'

/** What somebody has to do, each with a name that stays the same. */
const improvementsOf = ({ plan, digest, events, objectives, criteria, proposed }: Known): Improvement[] => {
  const owner = cut(plan.policy.schedule.owners['release-owner'] ?? '', 100)
  const { state } = fold(events)
  const found: [id: string, text: string][] = []
  if (state === 'rollback-failed')
    found.push(['way-back', 'make the way back work, and exercise it before the next release'])
  if (state !== 'completed')
    found.push(['cause', 'write down the cause, and what would have shown it before exposure'])
  for (const { id, text } of proposed)
    found.push([`criterion-${slug(id)}`, `take this criterion in, or decline it: ${text}`])
  for (const { metric, written, before, now, outcome } of criteria)
    if (outcome === 'broken')
      found.push([
        `broken-${slug(metric)}`,
        `find out why this does not hold: ${written} (now ${now ?? 'not known'}, before ${before ?? 'not known'})`,
      ])
  for (const [index, { text, wanted, observed, outcome, why }] of objectives.entries()) {
    const id = `objective-${index + 1}`
    if (outcome === 'missed')
      found.push([id, `decide what follows: ${text} (wanted ${wanted}, now ${observed})`])
    if (outcome === 'inconclusive') found.push([id, `look this up by hand: ${text} (${why})`])
  }
  const doubts = events.findLast(({ kind }) => kind === 'deployed')?.data['doubts']
  if (typeof doubts === 'string')
    found.push(['unproven', `make this provable before the next release: ${doubts}`])
  for (const { id, text, remedy } of exceptedBy(gatesOf(events, digest)))
    found.push([`exception-${slug(id)}`, `settle what was excepted: ${text} (${remedy})`])
  const overridden = events.filter(({ kind }) => kind === 'overridden')
  if (overridden.length > 0)
    found.push(['override', `look at what was overridden: ${overridden.length} in the record`])
  const taken = new Map(found.map(([id, text]) => [id, text]))
  return [...taken].map(([id, text]) => ({ id, text: cut(text, 500), owner }))
}
