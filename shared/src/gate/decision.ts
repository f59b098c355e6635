import type { Criterion } from './criterion.ts'

export type GateDecision = { decision: 'go' | 'no-go' | 'inconclusive'; reasonCode: string; message: string }

/** Evidence that may still come without anybody changing anything. */
const awaited = new Set([
  'check-pending',
  'check-missing',
  'no-checks',
  'criterion-missing',
  'artifact-unread',
])

/**
 * Go only when every criterion passes or is excepted. Evidence that is still awaited makes it inconclusive: a delay,
 * with a time to look again, and never a pass. Without any criterion nothing is proven.
 */
export const decide = (criteria: readonly Criterion[]): GateDecision => {
  const failed = criteria.filter(({ state }) => state === 'fail')
  const missing = criteria.filter(({ state }) => state === 'missing')
  const against = [...failed, ...missing.filter(({ reason }) => !awaited.has(reason))]
  if (against.length > 0) return because('no-go', against)
  if (missing.length > 0) return because('inconclusive', missing)
  if (criteria.length === 0) {
    return {
      decision: 'inconclusive',
      reasonCode: 'no-criteria',
      message: 'there is no criterion to decide by',
    }
  }
  return { decision: 'go', reasonCode: 'criteria-met', message: `all ${criteria.length} criteria are met` }
}

const because = (decision: GateDecision['decision'], criteria: readonly Criterion[]): GateDecision => {
  const [first, ...others] = criteria
  const more = others.length > 0 ? `, and ${others.length} more` : ''
  const seen = first?.observed === null ? 'not observed' : `observed: ${first?.observed}`
  return {
    decision,
    reasonCode: first?.reason || 'criterion-failed',
    message: `${first?.text ?? ''}: ${seen}${more}${first?.remedy ? `; ${first.remedy}` : ''}`,
  }
}
