import type { Plan } from '../plan/plan.ts'
import type { Criterion } from './criterion.ts'

/** What entered after the features were frozen (row L4); nothing where no freeze held the plan. */
export const freezeCriterion = ({ state, freeze, policy }: Plan): Criterion[] => {
  if (!freeze || state !== 'frozen') return []
  const known = {
    schema: 1 as const,
    id: 'late-changes',
    text: `only ${policy.freeze.kinds.join(', ')} and approved exceptions entered after feature freeze`,
    source: 'plan',
    operator: '=' as const,
    threshold: 0,
    observed: freeze.held,
    evidence: freeze.late
      .filter(({ entry }) => entry === 'held')
      .slice(0, 3)
      .map(({ item, why }) => `${item}: ${why}`)
      .join('; '),
  }
  if (freeze.held === 0) return [{ ...known, state: 'pass', reason: '', remedy: '', owner: '' }]
  return [
    {
      ...known,
      state: 'fail',
      reason: 'late-change',
      remedy: `take it out, or have an exception approved (the label ${policy.freeze.label} and the approval of its last commit), then plan again`,
      owner: 'the release owner',
    },
  ]
}
