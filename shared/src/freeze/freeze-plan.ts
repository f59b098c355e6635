import semver from 'semver'
import { z } from 'zod'
import type { FreezePolicy } from '../config/freeze-policy.ts'
import type { RecordEvent } from '../record/event.ts'
import type { FreezeDates } from './freeze-stage.ts'
import { type PlannedFreeze, plannedFreeze } from './planned-freeze.ts'

/** A freeze without what entered since. */
export type Freeze = Omit<PlannedFreeze, 'late' | 'held'>

/** `freeze` is null where no feature freeze holds this plan: it is frozen from the beginning. */
export type PlanState = { state: 'provisional' | 'frozen'; freeze: Freeze | null }

type Asked = {
  policy: Pick<FreezePolicy, 'plans'>
  type: string
  version: string
  /** Whether it brings fixes only: what calls itself a hotfix and brings more waits like everything else. */
  fixes: boolean
  /** Dates that the policy states for the version. */
  stated: FreezeDates
  /** The milestones of the plan's own timeline. */
  timeline: FreezeDates
  /** Whether its dates were asked for, so that they move the freeze, too. */
  moved: boolean
  /** What the record holds of this version. */
  events: readonly RecordEvent[]
  /** Who freezes it with this plan; null: nobody. */
  by: string | null
  now: string
}

/**
 * Whether a plan is provisional or frozen (row L4). A freeze that came does not go away again. Before it a plan is provisional
 * until the day that the policy states for its version or, where plans follow their timeline, until that of the first plan that named one:
 * planned again and again it would move on for ever. Everything else is frozen at once: a hotfix of fixes, a patch without freeze,
 * a release whose run goes on to its rollout.
 */
export const freezePlan = (asked: Asked): PlanState => {
  const { events, now, by } = asked
  const earlier = earlierOf(events)
  if (earlier?.state === 'frozen') {
    const { freeze, base } = earlier
    return { state: 'frozen', freeze: { ...freeze, base: freeze.base ?? base } }
  }
  if (asked.fixes && isEmergency(asked.type)) return { state: 'frozen', freeze: null }
  const due = dateOf(asked, earlier?.freeze ?? null)
  if (by !== null)
    return {
      state: 'frozen',
      freeze: { feature: now, code: due?.code ?? null, source: `frozen by ${by}`, base: null },
    }
  if (!due) return { state: 'frozen', freeze: null }
  return { state: Date.parse(due.feature) <= Date.parse(now) ? 'frozen' : 'provisional', freeze: due }
}

const isEmergency = (type: string): boolean => type === 'hotfix' || type === 'security'

const dateOf = (
  { policy, stated, timeline, version, moved }: Asked,
  earlier: Freeze | null,
): Freeze | null => {
  if (stated.feature !== null) return { ...stated, feature: stated.feature, base: null }
  // An alpha ships long before the features of its version freeze.
  if (policy.plans !== 'timeline' || semver.prerelease(version) !== null) return null
  if (earlier && !moved) return { ...earlier, base: null }
  return timeline.feature === null ? null : { ...timeline, feature: timeline.feature, base: null }
}

const told = z.object({
  revision: z.number().int(),
  sha: z.string().regex(/^[0-9a-f]{40,64}$/),
  state: z.enum(['provisional', 'frozen']),
  freeze: plannedFreeze.omit({ late: true, held: true }).optional(),
})

/** The freeze of the last plan of the record that was under one, a frozen one before all others; null without any. */
const earlierOf = (events: readonly RecordEvent[]) => {
  const held = events.flatMap(({ kind, digest, data: said }) => {
    const { data } = told.safeParse(kind === 'planned' ? said : null)
    if (!digest || !data?.freeze) return []
    const { state, freeze, revision, sha } = data
    return [{ state, freeze, base: { revision, digest, sha } }]
  })
  return held.findLast(({ state }) => state === 'frozen') ?? held.at(-1) ?? null
}
