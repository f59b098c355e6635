import type { SignoffVerdict } from '../signoff/judge-signoff.ts'
import { signoffReasons, signoffRemedies } from '../signoff/signoff-reason.ts'
import type { Criterion } from './criterion.ts'

/** One criterion for each sign-off. */
export const signoffCriteria = (verdicts: readonly SignoffVerdict[], evidence: string): Criterion[] =>
  verdicts.map(({ role, environment, reason, by }) => ({
    schema: 1 as const,
    id: `signoff:${role}`,
    text: `${role} signed off (environment ${environment})`,
    source: 'sign-off',
    operator: 'exists' as const,
    threshold: 'approval of a person of its own',
    observed: reason === null ? `approved by ${by}` : by === '' ? null : `${signoffReasons[reason]}: ${by}`,
    state: reason === null ? 'pass' : reason === 'approval-missing' ? 'missing' : 'fail',
    reason: reason ?? '',
    evidence,
    remedy: reason === null ? '' : signoffRemedies[reason],
    owner: role,
  }))
