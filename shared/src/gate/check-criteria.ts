import type { Criterion } from './criterion.ts'

/** A check run or a commit status. */
export type Check = { name: string; state: 'success' | 'failure' | 'pending' | 'neutral'; url: string }

/**
 * One criterion for each required check; those that the policy names, or all that ran when it names none. A check that
 * was skipped proves nothing, and no check at all is missing evidence, not a pass.
 */
export const checkCriteria = (required: readonly string[], checks: readonly Check[]): Criterion[] => {
  if (required.length > 0) return required.map((name) => judge(name, checks))
  const names = [...new Set(checks.filter(({ state }) => state !== 'neutral').map(({ name }) => name))].sort()
  if (names.length > 0) return names.map((name) => judge(name, checks))
  return [
    {
      ...about('*', 'at least one check passed'),
      observed: null,
      state: 'missing',
      reason: 'no-checks',
      remedy: 'let continuous integration run on this commit, or name the checks in gate.checks',
    },
  ]
}

/** The state of all checks of one name: a red one wins, then one that still runs. */
export const worst = (name: string, checks: readonly Check[]): Check | undefined => {
  const same = checks.filter((check) => check.name === name)
  const found = (state: Check['state']) => same.find((check) => check.state === state)
  return found('failure') ?? found('pending') ?? found('success') ?? found('neutral')
}

const judge = (name: string, checks: readonly Check[]): Criterion => {
  const check = worst(name, checks)
  const seen = {
    ...about(name, `check ${name} passed`),
    observed: check?.state ?? null,
    evidence: check?.url ?? '',
  }
  if (check?.state === 'success') return { ...seen, state: 'pass' }
  if (check?.state === 'failure') {
    return {
      ...seen,
      state: 'fail',
      reason: 'check-failed',
      remedy: `repair what ${name} found, then plan again`,
    }
  }
  if (check?.state === 'pending') {
    return {
      ...seen,
      state: 'missing',
      reason: 'check-pending',
      remedy: `wait for ${name}, then run this job again`,
    }
  }
  const skipped = check?.state === 'neutral'
  return {
    ...seen,
    state: 'missing',
    reason: 'check-missing',
    remedy: skipped
      ? `${name} was skipped, which proves nothing; let it run on this commit`
      : `${name} has not run on this commit; run it, or correct the name in gate.checks`,
  }
}

const about = (name: string, text: string) => ({
  schema: 1 as const,
  id: `check:${name}`,
  text,
  source: 'check',
  operator: '=' as const,
  threshold: 'success',
  reason: '',
  evidence: '',
  remedy: '',
  owner: 'who owns the check',
})
