import type { MetricCheck } from '../../config/metrics-policy.ts'
import type { Buckets, Observation, Sample } from '../../verdict/observation.ts'
import type { Arm, Snapshot, Totals } from './snapshot.ts'

/** What must be remembered between looks: since when an instance is known, and where events were ever counted. */
export type Memory = { firstSeen: Map<string, number>; counted: Set<string> }

export const newMemory = (): Memory => ({ firstSeen: new Map(), counted: new Set() })

/**
 * What each instance did between two snapshots, in whole numbers, one observation a check. The first sight of an
 * instance only teaches its baseline. A counter that fell below half began anew and counts from 0; one that fell less
 * lost series and is left out of this interval. Absent bad events are 0 only where that counter was seen at all.
 */
export const between = (
  checks: readonly MetricCheck[],
  before: Snapshot,
  after: Snapshot,
  weight: number,
  memory: Memory,
): { observations: Observation[]; notes: string[] } => {
  const notes = [...after.notes]
  const observations = checks.map((check): Observation => {
    const arm = (name: Arm): Sample[] => {
      const now = after.checks.get(check.name)?.[name] ?? new Map<string, Totals>()
      const then = before.checks.get(check.name)?.[name] ?? new Map<string, Totals>()
      return [...now].flatMap(([instance, totals]) => {
        const key = `${check.name}\n${name}\n${instance}`
        const last = then.get(instance)
        for (const [at, seen] of [
          [before.at, last],
          [after.at, totals],
        ] as const)
          remember(memory, check, key, at, seen)
        const change = last && changeOf(check, last, totals, memory, key)
        if (typeof change === 'string') notes.push(`${check.name} of ${instance}: ${change}`)
        if (!change || typeof change === 'string') return []
        const age = (after.at - (memory.firstSeen.get(key) ?? after.at)) / 1000
        return [{ instance, age, ...change }]
      })
    }
    return {
      schema: 1,
      metric: check.name,
      kind: check.kind,
      from: before.at / 1000,
      to: after.at / 1000,
      weight,
      canary: arm('canary'),
      stable: arm('stable'),
    }
  })
  return { observations, notes: [...new Set(notes)] }
}

const remember = (
  memory: Memory,
  check: MetricCheck,
  key: string,
  at: number,
  totals: Totals | undefined,
): void => {
  if (!totals) return
  if (!memory.firstSeen.has(key)) memory.firstSeen.set(key, at)
  if (totals.events === undefined) return
  memory.counted.add(key)
  memory.counted.add(check.name)
}

type Change = Pick<Sample, 'total'> & Partial<Pick<Sample, 'events' | 'buckets'>>

const changeOf = (
  check: MetricCheck,
  last: Totals,
  now: Totals,
  memory: Memory,
  key: string,
): Change | string | null => {
  if (check.kind === 'latency') return bucketChange(last.buckets, now.buckets)
  if (last.total === undefined || now.total === undefined) return null
  if (!memory.counted.has(check.name))
    return 'its events were never counted; a counter that starts at 0 or "or 0 * total" shows them'
  const restarted = now.total < last.total
  if (restarted && now.total > last.total / 2) return 'its counter went backwards without a restart'
  if (restarted && now.events === undefined) memory.counted.delete(key)
  if (now.events === undefined && memory.counted.has(key)) return 'its counter of events vanished'
  const [total, events] = [restarted ? now.total : now.total - last.total, now.events ?? 0]
  const earlier = restarted ? 0 : (last.events ?? 0)
  if (events < earlier && events > earlier / 2)
    return 'its counter of events went backwards without a restart'
  return { total: Math.round(total), events: Math.round(events < earlier ? events : events - earlier) }
}

const bucketChange = (last: Totals['buckets'], now: Totals['buckets']): Change | string | null => {
  if (!last || !now) return null
  const edges = [...now.keys()].sort((a, b) => a - b)
  if (edges.at(-1) !== Number.POSITIVE_INFINITY || edges.length < 2)
    return 'its histogram has no +Inf bucket or no other edge'
  if (edges.some((edge) => !last.has(edge))) return 'its histogram changed its edges'
  const total = now.get(Number.POSITIVE_INFINITY) ?? 0
  const earlier = last.get(Number.POSITIVE_INFINITY) ?? 0
  const restarted = edges.some((edge) => (now.get(edge) ?? 0) < (last.get(edge) ?? 0))
  if (restarted && total > earlier / 2) return 'its histogram went backwards without a restart'
  const rise = edges.map((edge) => Math.round((now.get(edge) ?? 0) - (restarted ? 0 : (last.get(edge) ?? 0))))
  const counts = rise.map((value, index) => value - (rise[index - 1] ?? 0))
  if (counts.some((count) => count < 0)) return 'its histogram is not cumulative'
  const buckets: Buckets = { le: edges.slice(0, -1), counts }
  return { total: rise.at(-1) ?? 0, buckets }
}
