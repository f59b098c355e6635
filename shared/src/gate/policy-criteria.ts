import type { Config } from '../config/config.ts'
import { riskLevels } from '../config/risk-levels.ts'
import type { Plan } from '../plan/plan.ts'
import { type Check, worst } from './check-criteria.ts'
import type { Criterion } from './criterion.ts'

type Configured = Config['gate']['criteria'][number]

/** What a configured criterion is held against; `now` is in milliseconds since 1970. */
export type PolicyEvidence = { plan: Plan; checks: readonly Check[]; now: number }

/**
 * The criteria that the policy adds: a check or status by name, the level of risk, the age of the plan in hours. What
 * cannot be observed or compared is missing.
 */
export const policyCriteria = (criteria: readonly Configured[], evidence: PolicyEvidence): Criterion[] =>
  criteria.map((criterion) => {
    const { id, source, operator, threshold, remedy, owner } = criterion
    const { observed, url } = observe(criterion, evidence)
    const holds = compare(observed, operator, threshold, source)
    const state = holds === null ? 'missing' : holds ? 'pass' : 'fail'
    return {
      schema: 1 as const,
      id,
      text: `${words[source]}${criterion.name ? ` ${criterion.name}` : ''} ${operator} ${threshold}`,
      source,
      operator,
      threshold,
      observed,
      state,
      reason: state === 'pass' ? '' : state === 'fail' ? 'criterion-failed' : pendingReason(observed),
      evidence: url,
      remedy,
      owner,
    }
  })

const words: Record<Configured['source'], string> = {
  check: 'check',
  status: 'status',
  risk: 'level of risk',
  age: 'hours since the plan was made',
}

const observe = ({ source, name }: Configured, { plan, checks, now }: PolicyEvidence) => {
  if (source === 'risk') return { observed: plan.risk.level, url: '' }
  if (source === 'age') {
    const hours = (now - Date.parse(plan.plannedAt)) / 3_600_000
    return { observed: Number.isFinite(hours) ? Math.round(hours * 100) / 100 : null, url: '' }
  }
  const check = worst(name, checks)
  return { observed: check && check.state !== 'neutral' ? check.state : null, url: check?.url ?? '' }
}

const pendingReason = (observed: string | number | null): string =>
  observed === 'pending' ? 'check-pending' : 'criterion-missing'

/** null: cannot be told. Levels of risk have an order; other words can only be equal. */
const compare = (
  observed: string | number | null,
  operator: Configured['operator'],
  threshold: string | number,
  source: Configured['source'],
): boolean | null => {
  if (observed === null || observed === 'pending') return null
  const [left, right] =
    source === 'risk' ? [rank(observed), rank(threshold)] : [Number(observed), Number(threshold)]
  const numbers = Number.isFinite(left) && Number.isFinite(right)
  if (operator === '=') return numbers ? left === right : observed === threshold
  if (!numbers) return null
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  return operator === '>' ? left > right : left >= right
}

const rank = (level: string | number): number => {
  const at = (riskLevels as readonly (string | number)[]).indexOf(level)
  return at < 0 ? Number.NaN : at
}
