import { columnsOf } from './truth-columns.ts'
import { type SecondOfVersion, secondsOf } from './truth-series.ts'

/** One answered request as the service saw it. */
export interface Row {
  /** Milliseconds since 1970, when it was answered. */
  at: number
  version: string
  status: number
  /** Milliseconds. */
  latency: number
  order: boolean
  dependencyFailed: boolean
  faulty: boolean
}

/** Something that happened to the service: weight, deploy, retire, fault (it begins to act), exit, hidden. */
export interface ServiceEvent {
  at: number
  event: 'weight' | 'deploy' | 'retire' | 'fault' | 'exit' | 'hidden'
  detail: string
}

export interface VersionTotals {
  requests: number
  /** Answers of 500 and above. */
  failed: number
  orders: number
  dependencyFailures: number
}

/** What the service itself counted between two moments, `from` included, `to` not; times in ms since 1970. */
export interface TruthReport {
  from: number
  to: number
  requests: { total: number; failed: number }
  versions: Record<string, VersionTotals>
  /** Percent of the requests that did not go to the stable version; null without requests. */
  observed: number | null
  /** The first answer that the fault changed, death of the process or loss of series; null where there is none. */
  firstFault: number | null
  /** The last answer on the canary's account, failed ones included; null where there is none. */
  lastCanary: number | null
  events: ServiceEvent[]
  /** By second and version, for charts; left out where not asked for. */
  series?: SecondOfVersion[]
}

export interface Truth {
  add(row: Row): void
  event(event: ServiceEvent['event'], detail: string): void
  report(window: { from?: number; to?: number; series?: boolean }): TruthReport
}

const [order, dependencyFailed, faulty] = [1, 2, 4] as const

/** Keeps every request of a run: 16 bytes each, some 2 MB for two minutes at 1,000 requests a second. */
export function openTruth(stable: string, clock: () => number): Truth {
  const versions: string[] = [stable]
  const events: ServiceEvent[] = []
  let size = 0
  let columns = columnsOf(1 << 14)

  /** The first row at or after `time`; rows are in the order of their answers. */
  const firstAt = (time: number) => {
    let [low, high] = [0, size]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((columns.at[middle] ?? 0) < time) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    add(row) {
      if (size === columns.at.length) columns = columnsOf(size * 2, columns)
      let version = versions.indexOf(row.version)
      if (version < 0) version = versions.push(row.version) - 1
      // A clock set back must not unsort the rows.
      columns.at[size] = Math.max(row.at, size === 0 ? 0 : (columns.at[size - 1] ?? 0))
      columns.latency[size] = row.latency
      columns.status[size] = row.status
      columns.version[size] = version
      columns.flags[size] =
        (row.order ? order : 0) | (row.dependencyFailed ? dependencyFailed : 0) | (row.faulty ? faulty : 0)
      size++
    },
    event(event, detail) {
      events.push({ at: clock(), event, detail })
    },
    report({ from = 0, to = Number.POSITIVE_INFINITY, series = false }) {
      const [first, end] = [firstAt(from), firstAt(to)]
      const within = events.filter(({ at }) => at >= from && at < to)
      const totals = versions.map(() => ({ requests: 0, failed: 0, orders: 0, dependencyFailures: 0 }))
      let firstFault =
        within.find(
          ({ event, detail }) => event === 'hidden' || (event === 'exit' && !detail.startsWith(`${stable} `)),
        )?.at ?? null
      let lastCanary: number | null = null
      for (let at = first; at < end; at++) {
        const flags = columns.flags[at] ?? 0
        const total = totals[columns.version[at] ?? 0] as VersionTotals
        total.requests++
        if ((columns.status[at] ?? 0) >= 500) total.failed++
        if (flags & order) total.orders++
        if (flags & dependencyFailed) total.dependencyFailures++
        if (flags & faulty) firstFault = Math.min(firstFault ?? Number.POSITIVE_INFINITY, columns.at[at] ?? 0)
        if (columns.version[at] !== 0) lastCanary = columns.at[at] ?? null
      }
      const sum = (of: 'requests' | 'failed') => totals.reduce((whole, total) => whole + total[of], 0)
      const total = sum('requests')
      const onStable = totals[0]?.requests ?? 0
      return {
        from,
        to: Math.min(to, clock()),
        requests: { total, failed: sum('failed') },
        versions: Object.fromEntries(versions.map((name, at) => [name, totals[at] as VersionTotals])),
        observed: total === 0 ? null : ((total - onStable) / total) * 100,
        firstFault,
        lastCanary,
        events: within,
        ...(series ? { series: secondsOf(columns, versions, first, end) } : {}),
      }
    },
  }
}
