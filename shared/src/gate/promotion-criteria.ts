import type { Promoted } from '../promotion/promoted.ts'
import type { Criterion } from './criterion.ts'

/**
 * Row P24: the artifact succeeded in every environment before, in their order and with the same digest. Where no deployment told
 * one, the commit is enough unless the digest must be told (`artifacts.require: [promotion]`, and always to be promoted).
 */
export const promotionCriteria = (
  promoted: readonly Promoted[],
  digest: string | null,
  told = false,
): Criterion[] =>
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
    ...judged(environment, told && digest !== null && state === 'commit' ? 'untold' : state, why),
  }))

const judged = (
  environment: string,
  state: Promoted['state'] | 'untold',
  why: string,
): Pick<Criterion, 'state' | 'reason' | 'remedy'> => {
  const deploy = `promote it to ${environment} (promote.yml, or a deployment of your own that tells artifact-digest), then run this job again`
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
    case 'untold':
      return {
        state: 'fail',
        reason: 'promotion-digest-untold',
        remedy: `${why}, so that another artifact of this commit may have been there: ${deploy}`,
      }
    case 'early':
      return { state: 'fail', reason: 'promotion-out-of-order', remedy: `${why}: ${deploy}` }
    case 'failed':
      return { state: 'fail', reason: 'promotion-failed', remedy: `repair what failed there; then ${deploy}` }
    case 'skipped':
      return { state: 'missing', reason: 'environment-skipped', remedy: deploy }
    case 'unread':
      return { state: 'missing', reason: 'promotion-unread', remedy: why }
  }
}
