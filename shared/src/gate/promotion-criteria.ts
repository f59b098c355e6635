import type { Promoted } from '../promotion/promoted.ts'
import type { Criterion } from './criterion.ts'

/** Row P24: the artifact succeeded in every environment before the last, with the same digest where that is told. */
export const promotionCriteria = (promoted: readonly Promoted[], digest: string | null): Criterion[] =>
  promoted.map(({ environment, state, why, digest: seen }) => ({
    schema: 1 as const,
    id: `promoted:${environment}`,
    text: `the artifact went through ${environment}`,
    source: 'promotion',
    operator: '=' as const,
    threshold: digest ?? 'this commit',
    observed:
      state === 'skipped' || state === 'unread'
        ? null
        : `${why}${seen && state === 'commit' ? ` (${seen})` : ''}`,
    evidence: '',
    owner: 'who deploys before the release',
    ...judged(environment, state, why),
  }))

const judged = (
  environment: string,
  state: Promoted['state'],
  why: string,
): Pick<Criterion, 'state' | 'reason' | 'remedy'> => {
  const deploy = `deploy it to ${environment} (a job with environment: ${environment}, or a deployment of your own), then run this job again`
  switch (state) {
    case 'same':
    case 'commit':
      return { state: 'pass', reason: '', remedy: '' }
    case 'other':
      return {
        state: 'fail',
        reason: 'promotion-digest-differs',
        remedy: `what was tried there is not what ships: ${deploy}`,
      }
    case 'failed':
      return { state: 'fail', reason: 'promotion-failed', remedy: `repair what failed there; then ${deploy}` }
    case 'skipped':
      return { state: 'missing', reason: 'environment-skipped', remedy: deploy }
    case 'unread':
      return { state: 'missing', reason: 'promotion-unread', remedy: why }
  }
}
