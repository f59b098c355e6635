import { markdownTable } from 'markdown-table'
import { inline } from '../notes/escape-markdown.ts'
import type { MetricVerdict, Verdict } from '../verdict/verdict.ts'
import { type ChartPoint, rateChart } from './chart.ts'
import { observedShare, sumFigures } from './figures.ts'
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

/** One row for each metric, with the criterion exactly as written and the evidence in words. */
export const metricTable = ({ metrics }: Pick<Verdict, 'metrics'>): string =>
  markdownTable([
    ['criterion', 'new', 'stable', 'verdict', 'evidence'],
    ...metrics.map((metric) => [
      inline(metric.criterion),
      arm(metric.canary),
      arm(metric.stable),
      `${metric.verdict} (${metric.reason})`,
      inline([metric.words, metric.detail].filter(Boolean).join('; ')),
    ]),
  ])

const arm = ({ total, events, rate }: MetricVerdict['canary']): string =>
  `${share(rate)} (${number(events)} of ${number(total)})`

/** The check whose requests stand for the traffic: the first ratio, else the first of all. */
export const mainMetric = (checks: readonly { name: string; kind: string }[]): string | null =>
  (checks.find(({ kind }) => kind === 'ratio') ?? checks[0])?.name ?? null

/** Charts of every metric that has a rate. */
export const charts = (points: readonly ChartPoint[], checks: readonly { name: string }[]): string =>
  checks
    .map(({ name }) => rateChart(points, name))
    .filter((chart) => chart !== '')
    .join('\n\n')
