import type { Config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { Urgency } from '@relman/core/plan/urgency'
import type { Planning } from '@relman/core/ports/planning'
import type { Outcome } from '@relman/core/runtime/outcome'
import type { RunContext } from '@relman/core/runtime/run-context'
import type { FixDecision } from '@relman/core/schedule/hotfix-or-wait'
import type { ScheduledRelease } from '@relman/core/schedule/next-release'
import { itemName } from '@relman/core/scope/item-name'
import { inline } from '@relman/core/text/escape-markdown'
import { beyondFixes } from './beyond-fixes.ts'
import type { Found } from './find-release.ts'
import type { Inputs } from './inputs.ts'
import { isBehind } from './is-behind.ts'
import { empty, refusal } from './no-plan.ts'
import { scheduledReleases } from './open-releases.ts'
import { policyFiles } from './read-policy.ts'

/** A fix that goes at once, by the shorter path. */
export type UrgentFix = { type: 'hotfix' | 'security'; urgency: Urgency }

type Ask = { input: Inputs; policy: Config; context: RunContext; ports: Planning }

/**
 * Hotfix or wait (row P12), where the caller says how bad it is. Null where nobody asked; an outcome where it waits.
 *
 * @throws ConfigurationError where the inputs contradict each other
 */
export const weighFix = async ({
  input,
  policy,
  context,
  ports,
}: Ask): Promise<UrgentFix | Outcome | null> => {
  const { severity, affected, workaround, type } = input
  if (severity === '') {
    if (affected === null && !workaround) return null
    throw new ConfigurationError(
      `input "${affected === null ? 'workaround' : 'affected'}": says nothing without severity; set it too`,
    )
  }
  if (type !== '' && type !== 'hotfix' && type !== 'security')
    throw new ConfigurationError(
      `input "severity": decides between a hotfix and waiting, so type cannot be ${type}; leave type empty`,
    )
  const { hotfixOrWait } = await import('@relman/core/schedule/hotfix-or-wait')
  const fault = { severity, affected, workaround }
  const asked = { ...fault, security: type === 'security' }
  const { zone } = policy.schedule
  const decided = hotfixOrWait(asked, null, zone)
  const { why, path } = decided
  if (decided.type !== 'patch') return { type: decided.type, urgency: { ...fault, why, path } }
  // Looked up only for what waits: an emergency depends on no calendar.
  return waits(hotfixOrWait(asked, await nextOf({ input, policy, context, ports }), zone), fault)
}

const nextOf = async ({ input, policy, context, ports }: Ask): Promise<ScheduledRelease | null> => {
  const { lookAhead, nextRelease } = await import('@relman/core/schedule/next-release')
  const { schedule } = policy
  const now = new Date(ports.clock.now()).toISOString()
  const file = policyFiles({ ref: input['policy-ref'], git: ports.git, github: ports.github })
  const busy = schedule.trains.length === 0 ? [] : await ports.calendars(schedule, lookAhead(now), file)
  const service = input.component || policy.service || context.repository.name
  return nextRelease(schedule, now, busy, await scheduledReleases(ports.store, service))
}

const waits = (
  { why, next }: FixDecision,
  fault: Pick<Urgency, 'severity' | 'affected' | 'workaround'>,
): Outcome => ({
  decision: 'wait',
  reasonCode: next ? 'rides-next-release' : 'nothing-scheduled',
  message: `no hotfix: ${why}`,
  failed: false,
  outputs: empty,
  data: { ...fault, next, why, recorded: false },
  summary: `# The fix waits\n\n${inline(why, 1_000)}.\n\nNothing was planned and nothing is released. Merge the fix to the main line, so that the next release has it. Where the facts change, start this again with them.`,
})

/**
 * What a hotfix may not be: one that is not built on what is live, or one that brings more than fixes past the longer path
 * of a release. Null where it may.
 */
export const strayFix = async (
  { service, range, scope, chosen }: Found,
  sha: string,
  { git, store }: Pick<Planning, 'git' | 'store'>,
): Promise<Outcome | null> => {
  const live = store ? (await store.service(service)).live : null
  const { previous } = range
  const onLive = live === null || previous?.version === live.version || (await isBehind(git, live.sha, sha))
  if (!onLive)
    return refusal(
      'hotfix-off-base',
      `${service} ${live.version} is live, and this commit is built on ${previous ? previous.version : 'no release'}: begin the branch of the hotfix at the tag of ${live.version}, and pick the fix onto it`,
      chosen.version,
    )
  if (range.hidden > 0)
    return refusal(
      'hotfix-carries-more',
      `a hotfix holds fixes only, and the input "from" leaves out ${range.hidden} of the commits since the last release that this one brings: leave it empty`,
      chosen.version,
    )
  const more = beyondFixes(scope.changes)
  const [first] = more
  if (!first) return null
  const others = more.length > 1 ? ` and ${more.length - 1} more` : ''
  return refusal(
    'hotfix-carries-more',
    `a hotfix holds fixes only, and this commit brings ${itemName(first).slice(0, 120)}${others} since ${previous?.tag ?? 'the beginning'}: begin the branch of the hotfix at ${previous?.tag ?? 'the last release'}, and pick the fix onto it`,
    chosen.version,
  )
}
