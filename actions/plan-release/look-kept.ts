import type { Dated } from '@relman/core/calendar/act'
import { isLookDue, looked } from '@relman/core/calendar/kept-look'
import type { Config } from '@relman/core/config/config'
import type { CalendarPorts } from '@relman/core/ports/calendar'
import type { RecordEvent } from '@relman/core/record/event'
import type { RunContext } from '@relman/core/runtime/run-context'
import { keptVersions } from './kept-versions.ts'
import { readRecorded } from './recorded-artifacts.ts'

type Ask = {
  dated: Dated
  policy: Config
  context: RunContext
  ports: Pick<CalendarPorts, 'artifacts' | 'store' | 'clock' | 'dryRun'>
}

/**
 * Row P25, between plan and rollback: once a day the artifacts of the versions that a release may be rolled back to are looked
 * for, and what was found is written into its record. Gives the events of the release.
 */
export const lookKept = async ({ dated, policy, context, ports }: Ask): Promise<readonly RecordEvent[]> => {
  const { plan, digest, events } = dated
  const now = new Date(ports.clock.now()).toISOString()
  const references = [...(policy.artifact === undefined ? [] : [policy.artifact]), ...policy.artifacts.more]
  if (ports.dryRun || references.length === 0 || !isLookDue(dated, now)) return events
  const { retained, retention } = await keptVersions({
    ports,
    policy,
    service: plan.service,
    named: { version: plan.version, tag: plan.tag, sha: plan.sha },
    references,
    // Nothing is verified here, so no key is read.
    source: await ports.artifacts(policy, async () => null),
    recorded: readRecorded(ports.store, plan.service),
  })
  // Nothing found is not nothing there.
  if (retained.length === 0 && retention.includes('could not be read')) throw new Error(retention)
  const about = { actor: context.actor, run: context.run, digest, token: null }
  const written = await ports.store.append(plan.service, plan.version, [
    { ...about, ...looked(now, retained) },
  ])
  return written.events
}
