import type { MetricCheck, MetricsPolicy } from '../../config/metrics-policy.ts'
import type { PrometheusApi, Series } from './prometheus-api.ts'
import { partsOf } from './selector.ts'

export type Arm = 'canary' | 'stable'

/** Running totals of one instance at one moment. A counter that has no value then is absent, never 0. */
export type Totals = { total?: number; events?: number; buckets?: Map<number, number> }

/** Every counter of every check at one moment (Unix milliseconds), by check, arm and instance. */
export type Snapshot = { at: number; checks: Map<string, Record<Arm, Map<string, Totals>>>; notes: string[] }

export type Reader = {
  api: PrometheusApi
  checks: readonly MetricCheck[]
  labels: MetricsPolicy['labels']
  version: string
  previous: string | null
}

const plain = (version: string | null | undefined): string => (version ?? '').replace(/^v(?=\d)/, '')

/** Reads all checks at the moments `times` (milliseconds, evenly spaced); each expression is asked for once. */
export const readSnapshots = async (
  reader: Reader,
  times: readonly number[],
  signal?: AbortSignal,
): Promise<Snapshot[]> => {
  const [first = 0, second] = times
  const last = times.at(-1) ?? first
  const asked = new Map<string, Promise<Series[]>>()
  const ask = (expression: string): Promise<Series[]> => {
    const { api } = reader
    const answer =
      asked.get(expression) ??
      (second === undefined
        ? api.at(expression, first, signal)
        : api.range(expression, first, last, second - first, signal))
    asked.set(expression, answer)
    return answer
  }
  const snapshots = times.map((at): Snapshot => ({ at, checks: new Map(), notes: [] }))
  await Promise.all(
    reader.checks.map(async (check) => {
      const parts = Object.entries(partsOf(check, reader.labels))
      const answers = await Promise.all(parts.map(([, expression]) => ask(expression)))
      for (const snapshot of snapshots) {
        const arms: Record<Arm, Map<string, Totals>> = { canary: new Map(), stable: new Map() }
        for (const [index, [part]] of parts.entries())
          place(reader, arms, part, answers[index] ?? [], snapshot.at)
        snapshot.checks.set(check.name, arms)
      }
      const note = missing(reader, check, answers.flat())
      if (note) snapshots.at(-1)?.notes.push(note)
    }),
  )
  return snapshots
}

const place = (
  reader: Reader,
  arms: Record<Arm, Map<string, Totals>>,
  part: string,
  all: Series[],
  at: number,
): void => {
  for (const { labels, values } of all) {
    const value = values.get(at)
    const arm = armOf(reader, labels[reader.labels.version])
    if (value === undefined || value < 0 || !arm) continue
    const instance = labels[reader.labels.instance] || arm
    const totals = arms[arm].get(instance) ?? {}
    arms[arm].set(instance, totals)
    if (part === 'total' || part === 'events') totals[part] = (totals[part] ?? 0) + value
    else {
      const edge = labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le'] ?? 'none')
      totals.buckets ??= new Map()
      if (!Number.isNaN(edge)) totals.buckets.set(edge, (totals.buckets.get(edge) ?? 0) + value)
    }
  }
}

const armOf = ({ version, previous }: Reader, label: string | undefined): Arm | null => {
  if (!label) return null
  if (plain(label) === plain(version)) return 'canary'
  // Before the first release nobody knows what runs; it is whatever is not the new version.
  return previous === null || plain(label) === plain(previous) ? 'stable' : null
}

const missing = ({ labels, version, previous }: Reader, check: MetricCheck, all: Series[]): string | null => {
  if (all.length === 0) return `${check.name}: the provider has no such series`
  if (all.every((series) => !series.labels[labels.version])) {
    return `${check.name}: its series have no label "${labels.version}"; set metrics.labels.version`
  }
  if (all.every((series) => series.values.size === 0)) return `${check.name}: its values are not numbers`
  const found = new Set(all.map((series) => plain(series.labels[labels.version])))
  const absent = [version, previous].filter((one) => one !== null && !found.has(plain(one)))
  return absent.length > 0 ? `${check.name}: no series of version ${absent.join(' and ')}` : null
}
