import type { Columns } from './truth-columns.ts'

/** One second of one version; latencies in milliseconds, nearest-rank quantiles of all its answers. */
export interface SecondOfVersion {
  /** Seconds since 1970. */
  second: number
  version: string
  requests: number
  errors: number
  p50: number
  p95: number
  p99: number
}

/** The rows from `first` up to `end`, by second and version, in the order of time. */
export function secondsOf(
  columns: Columns,
  versions: string[],
  first: number,
  end: number,
): SecondOfVersion[] {
  const groups = new Map<string, { second: number; version: string; errors: number; latencies: number[] }>()
  for (let at = first; at < end; at++) {
    const second = Math.floor((columns.at[at] ?? 0) / 1000)
    const version = versions[columns.version[at] ?? 0] ?? ''
    const key = `${second} ${version}`
    let group = groups.get(key)
    if (group === undefined) {
      group = { second, version, errors: 0, latencies: [] }
      groups.set(key, group)
    }
    if ((columns.status[at] ?? 0) >= 500) group.errors++
    group.latencies.push(columns.latency[at] ?? 0)
  }
  return [...groups.values()].map(({ second, version, errors, latencies }) => {
    const sorted = Float32Array.from(latencies).sort()
    const quantile = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
    const [p50, p95, p99] = [quantile(0.5), quantile(0.95), quantile(0.99)]
    return { second, version, requests: sorted.length, errors, p50, p95, p99 }
  })
}
