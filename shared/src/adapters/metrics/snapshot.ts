import type { MetricCheck, MetricsPolicy } from '../../config/metrics-policy.ts'
import type { PrometheusApi, Series } from './prometheus-api.ts'
import { addHistograms, type NativeHistogram } from './prometheus-histogram.ts'
import { partsOf } from './selector.ts'

export type Arm = 'canary' | 'stable'

/**
 * Running totals of one instance at one moment. A counter that has no value then is absent, never 0; `bad` names those
 * whose value is no count (NaN, infinite, negative).
 */
export type Totals = {
  bad?: 'total' | 'events'
  total?: number
  events?: number
  value?: number
  buckets?: Map<number, number>
  native?: NativeHistogram
}

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
      const { native, ...asked } = { native: '', ...partsOf(check, reader.labels) }
      let parts = Object.entries(asked)
      let answers = await Promise.all(parts.map(([, expression]) => ask(expression)))
      if (native && answers.flat().length === 0) {
        // No classic buckets: the histogram may be a native one.
        parts = [['native', native]]
        answers = [await ask(native)]
      }
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
  for (const { labels, values, histograms } of all) {
    const [value, histogram] = [values.get(at), part === 'native' ? histograms.get(at) : undefined]
    const arm = armOf(reader, labels[reader.labels.version])
    const isCounter = part === 'total' || part === 'events'
    const counted = value !== undefined && part !== 'native' && (isCounter || isNumber(value, part))
    if (!arm || !(histogram || counted)) continue
    const instance = labels[reader.labels.instance] || arm
    const totals = arms[arm].get(instance) ?? {}
    arms[arm].set(instance, totals)
    if (histogram) totals.native = totals.native ? addHistograms(totals.native, histogram) : histogram
    if (value === undefined || histogram) continue
    if (part === 'value') totals.value = value
    else if (isCounter && !isNumber(value, part)) totals.bad ??= part
    else if (isCounter) totals[part] = (totals[part] ?? 0) + value
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
  if (all.every((series) => ![...series.values.values()].some(Number.isFinite))) {
    const isHistogram = all.some(({ histograms }) => histograms.size > 0)
    if (!isHistogram) return `${check.name}: its values are not numbers`
    if (check.kind !== 'latency') {
      return `${check.name}: its values are native histograms; write histogram_count(…) around the selector`
    }
  } else if (check.kind === 'latency' && all.every(({ labels }) => labels['le'] === undefined)) {
    return `${check.name}: it is neither a classic histogram (no _bucket series) nor a native one`
  }
  const versionsOf = (some: Series[]) => new Set(some.map((series) => plain(series.labels[labels.version])))
  const [found, told] = [versionsOf(all), versionsOf(all.filter((series) => tells(series, check)))]
  const absent = [version, previous].filter((one) => one !== null && !found.has(plain(one)))
  if (absent.length > 0) return `${check.name}: no series of version ${absent.join(' and ')}`
  const silent = [version, previous].filter((one) => one !== null && !told.has(plain(one)))
  return silent.length > 0
    ? `${check.name}: the values of version ${silent.join(' and ')} are not numbers from 0 up`
    : null
}

/** Whether a series has any number that can be counted. */
const tells = ({ values, histograms }: Series, { kind }: MetricCheck): boolean =>
  histograms.size > 0 || [...values.values()].some((value) => isNumber(value, kind))

/** Whether a value can be what it stands for: a plain number, or a count. */
const isNumber = (value: number, what: string): boolean =>
  what === 'value' ? Number.isFinite(value) : value >= 0
