import { markdownTable } from 'markdown-table'
import { inline } from '../text/escape-markdown.ts'
import type { MetricVerdict, Verdict } from '../verdict/verdict.ts'
import { plain } from '../verdict/words.ts'
import { type ChartPoint, rateChart } from './chart.ts'
import { checkOf } from './check-of.ts'
import { differenceWords, stepWords } from './difference-words.ts'
import { observedShare, sumFigures } from './figures.ts'
import { quantilesOf } from './quantiles.ts'
import type { Visit } from './rollout-state.ts'

const number = (value: number): string => Math.round(value).toLocaleString('en-US')
const share = (value: number | null): string =>
  value === null ? '–' : `${Number((100 * value).toPrecision(3))} %`

/** The looks between two moments. */
export const looksOf = (points: readonly ChartPoint[], { movedAt, endedAt }: Visit): ChartPoint[] =>
  points.filter(({ at }) => at > movedAt && at <= (endedAt ?? Number.POSITIVE_INFINITY) + 0.001)

/** One row for each visited step. `metric` is the check whose requests are counted. */
export const stepTable = (
  visits: readonly Visit[],
  points: readonly ChartPoint[],
  metric: string | null,
): string =>
  markdownTable([
    [
      'step',
      'weight',
      'seen share',
      'requests new / stable',
      'bad new / stable',
      'seconds',
      'verdict',
      'reason',
    ],
    ...visits.map((visit) => {
      const own = looksOf(points, visit).flatMap(({ observations }) => observations)
      const figures = sumFigures(own.filter((observation) => observation.metric === metric))
      const { canary, stable } = figures
      return [
        String(visit.step + 1),
        `${visit.weight} %`,
        share(observedShare(figures)),
        `${number(canary.total)} / ${number(stable.total)}`,
        `${number(canary.events)} / ${number(stable.events)}`,
        visit.endedAt === null ? 'goes on' : String(Math.round(visit.endedAt - visit.movedAt)),
        visit.verdict ?? (visit.weight === 100 ? 'watched' : 'none yet'),
        visit.reason ?? '',
      ]
    }),
  ])

/** One row for each metric: the criterion exactly as written, what was seen of it, and the evidence in words. */
export const metricTable = ({ metrics }: Pick<Verdict, 'metrics'>): string =>
  markdownTable([
    ['criterion', 'new', 'stable', 'new against stable', 'this step', 'verdict', 'evidence'],
    ...metrics.map((metric) => [
      `${mark[metric.verdict]} ${inline(metric.criterion)}`,
      arm(metric, metric.canary),
      metric.kind === 'health' ? '–' : arm(metric, metric.stable),
      differenceWords(metric),
      stepWords(metric),
      `${metric.verdict} (${metric.reason})`,
      inline([metric.words, metric.detail, metric.guarantee].filter(Boolean).join('; '), 600),
    ]),
  ])

const mark = { healthy: '✅', unhealthy: '❌', inconclusive: '⏳' }

const arm = ({ kind, edge }: MetricVerdict, { total, events, rate }: MetricVerdict['canary']): string => {
  if (kind === 'value') return rate === null ? '–' : `${plain(rate)} (${number(total)} looks)`
  const slow = edge === undefined || rate === null ? '' : ` slower than ${edge} s`
  // An objective has a rate and no requests.
  return total === 0 && rate !== null
    ? share(rate)
    : `${share(rate)}${slow} (${number(events)} of ${number(total)})`
}

/** p50, p95 and p99 of every latency check on both versions; empty without one. */
export const latencyTable = (
  points: readonly ChartPoint[],
  checks: readonly { name: string; kind: string }[],
): string => {
  const rows = checks.flatMap(({ name, kind }) => {
    const observed = points.flatMap(({ observations }) => observations.filter((one) => one.metric === name))
    const found = kind === 'latency' ? quantilesOf(observed) : null
    if (!found) return []
    const { canary, stable } = found
    return (['p50', 'p95', 'p99'] as const).map((at) => [
      `${at} of ${inline(name)}`,
      milliseconds(canary[at]),
      milliseconds(stable[at]),
      canary[at] && stable[at] ? `${(canary[at] / stable[at]).toFixed(2)} ×` : '–',
    ])
  })
  return rows.length > 0 ? markdownTable([['latency', 'new', 'stable', 'new against stable'], ...rows]) : ''
}

const milliseconds = (seconds: number | null): string =>
  seconds === null ? '–' : `${Number((1000 * seconds).toPrecision(3)).toLocaleString('en-US')} ms`

/** The check whose requests stand for the traffic: the first ratio, else the first of all; probes only for want of others. */
export const mainMetric = (
  checks: readonly { name: string; kind: string; provider?: string | undefined }[],
): string | null => {
  const [own, probed] = [false, true].map((wanted) =>
    checks.filter(({ provider }) => (provider === 'probes') === wanted),
  )
  const of = own && own.length > 0 ? own : (probed ?? [])
  return (of.find(({ kind }) => kind === 'ratio') ?? of[0])?.name ?? null
}

/** Charts of every metric that was seen; all but the one that decided (or the first) are folded away. */
export const charts = (
  points: readonly ChartPoint[],
  checks: readonly { name: string }[],
  decided?: string | undefined,
): string => {
  const name = decided && checkOf(decided)
  const drawn = checks
    .map((check) => ({ name: check.name, chart: rateChart(points, check.name) }))
    .filter(({ chart }) => chart !== '')
  const first = drawn.find((one) => one.name === name) ?? drawn[0]
  if (!first) return ''
  const others = drawn.filter((one) => one !== first)
  if (others.length === 0) return first.chart
  return [
    first.chart,
    `<details><summary>${others.length} more ${others.length === 1 ? 'metric' : 'metrics'}</summary>`,
    ...others.map(({ chart }) => chart),
    '</details>',
  ].join('\n\n')
}
