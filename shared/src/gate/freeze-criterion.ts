import { exceptionFor } from '../plan/exception.ts'
import type { Plan } from '../plan/plan.ts'
import type { Criterion } from './criterion.ts'

/** What entered after the features were frozen (row L4); nothing where no freeze held the plan. */
export const freezeCriterion = ({ state, freeze, policy, version }: Plan): Criterion[] => {
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
  const exception = exceptionFor(policy.risk, 'freeze', version)
  if (exception)
    return [
      {
        ...known,
        state: 'excepted',
        reason: '',
        remedy: `${exception.by}: ${exception.reason}`,
        owner: 'the release owner',
      },
    ]
  return [
    {
      ...known,
      state: 'fail',
      reason: 'late-change',
      remedy: `take it out, or have an exception approved (the label ${policy.freeze.label} and the approval of its last commit), or add one for this version to risk.exceptions (from: freeze), with its reason; then plan again`,
      owner: 'the release owner',
    },
  ]
}
