import type { SecondOfVersion } from '../service/truth-series.ts'
import type { Second } from './played.ts'

const nothing = { requests: 0, failed: 0, p50: null, p99: null }

/** The service's own count by second, both versions side by side. */
export const pairSeconds = (series: readonly SecondOfVersion[], stable: string): Second[] => {
  const seconds = new Map<number, Second>()
  for (const { second, version, requests, errors: failed, p50, p99 } of series) {
    const at = second * 1000
    const pair = seconds.get(at) ?? { at, canary: nothing, stable: nothing }
    pair[version === stable ? 'stable' : 'canary'] = { requests, failed, p50, p99 }
    seconds.set(at, pair)
  }
  return [...seconds.values()].sort((a, b) => a.at - b.at)
}
