import type { MetricCheck } from '../../config/metrics-policy.ts'
import type { Arm } from './slices/arms.ts'

/** Requests and events together, as far as events were counted. */
type Told = { requests: number; events: number }

/** Of one check: how often its events came, and how many requests each version served since any count of them. */
export type EventsMemory = {
  both: Told
  stable: Told
  /** Requests of both versions, whether or not events were counted. */
  seen: number
  silent: Record<Arm, number>
  /** Unix seconds of the last count of events; null before the first. */
  lastTold: Record<Arm, number | null>
  /** Unix seconds up to which all this is counted: what is read again is no news. */
  until: number
}

export const newEventsMemory = (): EventsMemory => ({
  both: { requests: 0, events: 0 },
  stable: { requests: 0, events: 0 },
  seen: 0,
  silent: { canary: 0, stable: 0 },
  lastTold: { canary: null, stable: null },
  until: Number.NEGATIVE_INFINITY,
})

/** What one version did between `from` and `to` (Unix seconds). `events` is null where no count of them came at all. */
export type Stretch = { from: number; to: number } & Record<Arm, { total: number; events: number | null }>

/** More than so many events missing is no chance any more, even where they come in clumps. */
const missed = 20

/** Whether absent counts of events stand for 0, by version; `gone` says where they do not, and why, in one sentence. */
export type Absence = Record<Arm, boolean> & { notes: string[] }

/**
 * Counts a stretch, and tells of which version the counts of events must have vanished (true) where they are absent:
 * many sources leave them out until the first event, so absence is 0 until more than 20 are missing, by the share of
 * requests that were events on the stable version, or on both together. That the new version has them when the stable one
 * has not says nothing of the stable one, whose own past counts. Absent good events are harm and stay 0, unless those of
 * the stable version vanish at the same time.
 */
export const absentEvents = (check: MetricCheck, memory: EventsMemory, stretch: Stretch): Absence => {
  add(memory, stretch)
  const { both, stable, silent, lastTold } = memory
  const lacks = (arm: Arm, { requests, events }: Told) => events * silent[arm] > missed * requests
  const untold = (arm: Arm) => stretch[arm].events === null
  const stableGone = untold('stable') && lacks('stable', stable)
  const own = isHarm(check) && (lacks('canary', stable) || lacks('canary', both))
  const canaryGone = untold('canary') && (own || stableGone)
  const say = (arm: Arm) => `${check.name}: ${words(arm, lastTold[arm])}`
  return {
    canary: canaryGone,
    stable: stableGone,
    notes: [...(canaryGone ? [say('canary')] : []), ...(stableGone ? [say('stable')] : [])],
  }
}

/** Whether more events are worse. */
const isHarm = (check: MetricCheck): boolean =>
  check.kind === 'ratio' || (check.kind === 'rate' && check.direction === 'lower-is-better')

const words = (arm: Arm, since: number | null): string => {
  const version = arm === 'canary' ? 'new' : 'stable'
  return since === null
    ? `its events were never counted on the ${version} version, where about ${missed} should have come by now; if it really has none, write the query so that it answers 0`
    : `its events are no longer counted since ${new Date(since * 1000).toISOString()} on the ${version} version, where about ${missed} should have come; if it really has none, write the query so that it answers 0`
}

const add = (memory: EventsMemory, { from, to, canary, stable }: Stretch): void => {
  const fresh = to > from ? Math.min(1, (to - memory.until) / (to - from)) : 0
  if (!(fresh > 0)) return
  memory.until = to
  memory.seen += fresh * (canary.total + stable.total)
  for (const [arm, { total, events }] of [
    ['canary', canary],
    ['stable', stable],
  ] as const) {
    memory.silent[arm] += fresh * total
    if (events === null) continue
    if (arm === 'stable') {
      memory.stable.requests += memory.silent.stable
      memory.stable.events += fresh * events
    }
    memory.both.requests = memory.seen
    memory.both.events += fresh * events
    memory.silent[arm] = 0
    memory.lastTold[arm] = to
  }
}
