import type { Observation } from '../verdict/observation.ts'
import type { Rules } from '../verdict/settings.ts'
import type { MetricVerdict, Verdict } from '../verdict/verdict.ts'
import { limitOf } from './check-of.ts'
import { slowEdge, sumFigures } from './figures.ts'

/** One look as a chart needs it, with what the judge said of it. Times are Unix seconds. */
export type ChartPoint = {
  at: number
  weight: number
  observations: readonly Observation[]
  verdict?: Verdict | null
}

/** What a chart is drawn from: equally long neighbours taken together, since a diagram of more columns is not read. */
type Column = { found: readonly Observation[]; verdict: MetricVerdict | undefined }

const widest = 40
const red = '#cf222e'
const blue = '#0969da'
const green = '#b7e1c5'
const shade = '#f5c6c9'
const grey = '#d0d7de'

/**
 * A Mermaid chart of one metric on both versions against time, with what the step allows as a band behind them; empty
 * without data. The diagram has no gaps: an arm without data keeps its last value, and where nothing was seen of the new
 * version it is greyed.
 */
export const rateChart = (points: readonly ChartPoint[], metric: string): string => {
  const own = points.flatMap((point) => {
    const found = point.observations.filter((observation) => observation.metric === metric)
    return found.length > 0 ? [{ ...point, found }] : []
  })
  const columns = columnsOf(own, metric)
  const verdict = columns.findLast((column) => column.verdict)?.verdict
  const edge = verdict?.edge ?? slowEdge(own.flatMap(({ found }) => found))
  const isValue = own[0]?.found[0]?.kind === 'value'
  const series = (arm: 'canary' | 'stable') =>
    columns.map(({ found }) => (isValue ? meanValue(found, arm) : share(sumFigures(found, edge)[arm])))
  const seen = series('canary').map(drawable)
  const [canary, stable] = [filled(seen), filled(series('stable').map(drawable))]
  const [first, last] = [own[0], own.at(-1)]
  if (!first || !last || !canary || !stable || canary.length < 2) return ''
  const band = columns.map((column) => drawable(allowed(column, isValue ? 1 : 100)))
  const higher = verdict?.direction === 'higher-is-better'
  const most = Math.max(...canary, ...stable, ...band, 0.01)
  const name = /^[a-z0-9-]+$/.test(metric) ? metric : 'metric'
  const unit = isValue ? 'value' : '% of requests'
  const drawn = band.some((limit) => limit > 0)
  const top = Number((most * 1.1).toPrecision(3))
  const blank = seen.map((value) => (value === null ? top : 0))
  const blanks = blank.some((height) => height > 0)
  return [
    '```mermaid',
    palette([...(drawn ? [higher ? shade : green] : []), ...(blanks ? [grey] : []), red, blue]),
    'xychart-beta',
    `  title "${name}: ${edge === null ? unit : `% of requests slower than ${edge} s`}"`,
    axis(last.at - first.at),
    `  y-axis "${isValue ? 'value' : '%'}" ${Math.min(0, ...canary, ...stable)} --> ${top}`,
    ...(drawn ? [`  bar [${band.join(', ')}]`] : []),
    ...(blanks ? [`  bar [${blank.join(', ')}]`] : []),
    `  line [${canary.join(', ')}]`,
    `  line [${stable.join(', ')}]`,
    '```',
    '',
    `🟥 new version · 🟦 stable${drawn ? ` · ${higher ? 'shaded: too low for' : '🟩 allowed at'} the step` : ''}${blanks ? ' · ⬜ grey: nothing was seen of the new version' : ''}`,
  ].join('\n')
}

/** What the judge demands: e-values that return a release, and that promote at a step and at the last one. */
export type Demands = { limit: number; intermediate: number; last: number }

/** The demands of a judge's rules. */
export const demandsOf = ({ alpha, promote }: Pick<Rules, 'alpha' | 'promote'>): Demands => ({
  limit: 1 / alpha,
  ...promote,
})

/**
 * A Mermaid chart of how far the proof was, against and for, as the logarithm of the odds over that of the odds that
 * decide; empty without looks. For: of the required criterion that is proven least.
 */
export const evidenceChart = (
  points: readonly ChartPoint[],
  { limit, intermediate, last }: Demands,
  lastStep: number,
): string => {
  const looks = points.flatMap(({ at, weight, verdict }) =>
    verdict && (weight < 100 || verdict.verdict === 'unhealthy') ? [{ at, verdict }] : [],
  )
  const [first, end] = [looks[0], looks.at(-1)]
  if (!first || !end || looks.length < 2) return ''
  const size = Math.ceil(looks.length / widest)
  const columns = Array.from({ length: Math.ceil(looks.length / size) }, (_, index) =>
    looks.slice(index * size, (index + 1) * size),
  )
  const reach = (evidence: number, wanted: number) =>
    Math.round(Math.min(most, Math.max(0, (100 * Math.log(evidence)) / Math.log(wanted))))
  const [most, almost] = [150, 99]
  const against = columns.map((column) =>
    Math.max(
      ...column.map(({ verdict }) =>
        // What another look at the noise, or one instance alone, may explain has not decided.
        Math.min(reach(verdict.evidenceAgainst, limit), verdict.verdict === 'unhealthy' ? most : almost),
      ),
    ),
  )
  const proven = columns.map((column) =>
    Math.max(
      ...column.map(({ verdict }) =>
        reach(leastFor(verdict), verdict.step >= lastStep ? last : intermediate),
      ),
    ),
  )
  const decisions = new Set(looks.filter(({ verdict }, index) => decides(verdict, looks[index - 1]?.verdict)))
  const decided = columns.map((column) => (column.some((one) => decisions.has(one)) ? most : 0))
  const marks = decided.some((mark) => mark > 0)
  return [
    '```mermaid',
    palette([...(marks ? [grey] : []), red, '#1a7f37', '#8b949e']),
    'xychart-beta',
    '  title "How much of the proof there is: 100 % decides"',
    axis(end.at - first.at),
    `  y-axis "% of the proof" 0 --> ${most}`,
    ...(marks ? [`  bar [${decided.join(', ')}]`] : []),
    `  line [${against.join(', ')}]`,
    `  line [${proven.join(', ')}]`,
    `  line [${columns.map(() => 100).join(', ')}]`,
    '```',
    '',
    `🟥 against: 100 % is ${odds(limit)} to 1 that nothing else explains, and traffic returns · 🟩 for: 100 % is ${odds(intermediate)} to 1, and the step is proven (${odds(last)} to 1 at the last step)${marks ? ' · grey: it decided' : ''}`,
  ].join('\n')
}

/** The first look of a step that knows: later ones only wait for the least bake. */
const decides = (verdict: Verdict, before: Verdict | undefined): boolean =>
  verdict.verdict !== 'inconclusive' && (before?.verdict !== verdict.verdict || before.step !== verdict.step)

const odds = (evidence: number): string => Math.round(evidence).toLocaleString('en-US')

/** Evidence that is there proves nothing while its metric is silent. */
const silent = [
  'metric-vanished',
  'no-data',
  'bad-data',
  'clock-jumped',
  'arms-swapped',
  'canary-shrank',
  'bucket-edges-differ',
]

const leastFor = ({ metrics }: Verdict): number => {
  if (metrics.some(({ reason, required }) => required !== false && silent.includes(reason))) return 1
  const needed = metrics.filter(({ required, kind }) => required !== false && kind !== 'health')
  return needed.length > 0 ? Math.min(...needed.map(({ evidenceFor }) => evidenceFor)) : 1
}

const columnsOf = (own: readonly (ChartPoint & { found: Observation[] })[], metric: string): Column[] => {
  const size = Math.max(1, Math.ceil(own.length / widest))
  return Array.from({ length: Math.ceil(own.length / size) }, (_, index) => {
    const group = own.slice(index * size, (index + 1) * size)
    const all = group.findLast(({ verdict }) => verdict)?.verdict?.metrics ?? []
    const limit = all.find((one) => one.metric === limitOf(metric))?.ceiling
    const verdict = all.find((one) => one.metric === metric)
    const limited = verdict && limit !== undefined ? { ...verdict, ceiling: limit } : verdict
    return { found: group.flatMap(({ found }) => found), verdict: limited }
  })
}

/** The worst figure of the new version that this step still allows; 0 where nothing is known. */
const allowed = ({ found, verdict }: Column, times: number): number => {
  const stable = verdict?.stable.rate ?? null
  if (!verdict || found.every(({ canary }) => canary.length === 0)) return 0
  const { margin, unit, direction, ceiling } = verdict
  const worse = direction === 'higher-is-better' ? -1 : 1
  const limit =
    margin === null
      ? null
      : stable === null
        ? null
        : unit === 'share'
          ? stable + margin
          : stable * (1 + worse * margin)
  const limits = [limit, ceiling ?? null].filter((one) => one !== null)
  if (limits.length === 0) return 0
  return Number((times * (worse > 0 ? Math.min(...limits) : Math.max(...limits))).toPrecision(3))
}

const share = ({ total, events }: { total: number; events: number }): number | null =>
  total > 0 ? Number(((100 * events) / total).toPrecision(3)) : null

const meanValue = (found: readonly Observation[], arm: 'canary' | 'stable'): number | null => {
  const values = found.flatMap((observation) => observation[arm].flatMap(({ value }) => value ?? []))
  return values.length === 0
    ? null
    : Number((values.reduce((sum, value) => sum + value, 0) / values.length).toPrecision(4))
}

/** Mermaid reads decimal numbers only: no exponent, no infinity. Less than a millionth is nothing on such an axis. */
const drawable = <T extends number | null>(value: T): T | number =>
  value === null || Math.abs(value) < 1e-6 ? value && 0 : Math.max(-1e20, Math.min(1e20, value))

/** Gaps as the last value; null when nothing was seen at all. */
const filled = (values: readonly (number | null)[]): number[] | null => {
  if (values.every((value) => value === null)) return null
  let last = values.find((value) => value !== null) ?? 0
  return values.map((value) => {
    last = value ?? last
    return last
  })
}

const axis = (seconds: number): string => {
  const long = seconds >= 300
  const length = Math.max(1, long ? Number((seconds / 60).toFixed(1)) : Math.round(seconds))
  return `  x-axis "${long ? 'minutes' : 'seconds'}" 0 --> ${length}`
}

const palette = (colours: readonly string[]): string =>
  `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${colours.join(', ')}"}}}}%%`
