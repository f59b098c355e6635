import { bugRemedy, featureRemedy } from '../feature/feature-remedies.ts'
import type { PlannedFeatures } from '../feature/planned-features.ts'
import type { Criterion } from './criterion.ts'

const about = { schema: 1 as const, source: 'milestone', operator: '=' as const, threshold: 0 }
const passed = { state: 'pass' as const, reason: '', remedy: '', owner: '' }

/** What the milestone must be before the features of a release freeze (row P22); nothing where none was read. */
export const featureCriteria = (planned: PlannedFeatures | undefined): Criterion[] =>
  planned === undefined ? [] : [complete(planned), triaged(planned)]

const complete = (planned: PlannedFeatures): Criterion => {
  const { counts, features, milestone } = planned
  const open = features.filter(({ verdict }) => verdict === 'incomplete')
  const known = {
    ...about,
    id: 'features-complete',
    text: `every feature of the milestone ${milestone.title} is complete or not in this release`,
    observed: counts.incomplete + counts.unread,
    evidence: [
      ...open.slice(0, 5).map(({ number, title, why }) => `#${number} ${title}: ${why}`),
      ...(counts.unread > 0 ? [`${counts.unread} issues are too many to read`] : []),
    ].join('; '),
  }
  if (known.observed === 0) return { ...known, ...passed }
  return {
    ...known,
    state: 'fail',
    reason: 'features-incomplete',
    remedy: featureRemedy(planned),
    owner: [...new Set(open.flatMap(({ owners }) => owners))].slice(0, 10).join(', ') || 'the release owner',
  }
}

const triaged = ({ counts, bugs, milestone }: PlannedFeatures): Criterion => {
  const open = bugs.filter(({ missing }) => missing.length > 0)
  const known = {
    ...about,
    id: 'bugs-triaged',
    text: `every open bug of the milestone ${milestone.title} has an owner and a priority`,
    observed: counts.untriaged,
    evidence: open
      .slice(0, 5)
      .map((bug) => `#${bug.number} ${bug.title}: ${bugRemedy(bug)}`)
      .join('; '),
  }
  if (counts.untriaged === 0) return { ...known, ...passed }
  return {
    ...known,
    state: 'fail',
    reason: 'bugs-untriaged',
    remedy: `assign each to somebody and label its priority, or move it out of the milestone, then plan again`,
    owner: 'the release owner',
  }
}
