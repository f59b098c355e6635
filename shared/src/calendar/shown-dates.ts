import { shownPlan } from '../plan/withhold.ts'
import type { Dated } from './act.ts'

/**
 * A release with the dates that everybody may read: under embargo its window alone, since the moments before it would tell what kind of
 * release it is.
 */
export const shownDates = (dated: Dated): Dated => {
  const plan = shownPlan(dated.plan)
  if (plan.embargo?.public !== true) return dated
  const { freeze: _, ...rest } = plan
  return { ...dated, plan: rest }
}
