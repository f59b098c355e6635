import type { Plan } from '../plan/plan.ts'
import { inline } from '../text/escape-markdown.ts'
import { executionReport } from './execution-report.ts'
import { showImprovements } from './improvements.ts'
import { retrospective } from './retrospective.ts'
import type { Reviewed } from './review.ts'
import { measuredRows, showMeasured } from './show-measured.ts'

export type Page = { file: string; title: string; text: string }

/**
 * The outputs of a release by name (row L5), from the plan and its record alone: the same review always gives the same pages.
 * `plan` is as it may be shown.
 */
export const reviewPages = (plan: Plan, digest: string, reviewed: Reviewed): Page[] => {
  const { review, event, events } = reviewed
  const name = `${inline(plan.service)} ${inline(plan.version)}`
  const about = {
    schema: 1,
    service: plan.service,
    version: plan.version,
    digest,
    state: review.state,
    due: review.due,
    reviewedAt: event.at,
  }
  const json = (more: object): string => `${JSON.stringify({ ...about, ...more }, null, 2)}\n`
  return [
    {
      file: 'post-release-metrics.md',
      title: 'Post-release metrics',
      text: `# Post-release metrics: ${name}\n\n${showMeasured(reviewed)}\n`,
    },
    {
      file: 'execution-report.md',
      title: 'Execution report',
      text: executionReport(plan, digest, events, review.lacks),
    },
    { file: 'retrospective.md', title: 'Retrospective', text: retrospective(plan, digest, events, review) },
    {
      file: 'improvements.md',
      title: 'Improvements',
      text: `# Improvements: ${name}\n\n${showImprovements(review)}\n`,
    },
    {
      file: 'post-release-metrics.json',
      title: '',
      text: json({ span: review.span, measured: measuredRows(reviewed) }),
    },
    {
      file: 'improvements.json',
      title: '',
      text: json({ improvements: review.improvements, proposed: review.proposed }),
    },
  ]
}

/** How many of what was wanted came out how, in a few words. */
export const reviewWords = ({ review }: Pick<Reviewed, 'review'>): string => {
  const outcomes = [...review.objectives, ...review.criteria].map(({ outcome }) => outcome)
  const count = (...names: string[]): number => outcomes.filter((one) => names.includes(one)).length
  const measured =
    outcomes.length === 0
      ? 'nothing to measure'
      : `${count('met', 'held')} as wanted, ${count('missed', 'broken')} not, ${count('inconclusive')} not known`
  return `${measured}; ${review.improvements.length} ${review.improvements.length === 1 ? 'improvement' : 'improvements'}`
}
