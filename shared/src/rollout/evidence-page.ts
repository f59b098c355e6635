import type { MetricsPolicy } from '../config/metrics-policy.ts'
import { inline } from '../text/escape-markdown.ts'
import type { Verdict } from '../verdict/verdict.ts'
import { type ChartPoint, type Demands, evidenceChart } from './chart.ts'
import { checkOf } from './check-of.ts'
import { intervalWords } from './difference-words.ts'
import { sumFigures } from './figures.ts'
import { charts, latencyTable, metricTable } from './tables.ts'

export type Evidence = {
  verdict: Verdict | null
  points: readonly ChartPoint[]
  checks: MetricsPolicy['checks']
  demands: Demands
  /** The last step that is compared. */
  lastStep: number
  /** What the page says already: it is not said twice. */
  said?: string
  /** What the provider lacked, and that it is down. */
  lacks: readonly string[]
}

/** What the judge saw and says, for the job summary, in the order of somebody who was woken up: answer, figures, pictures. */
export const evidencePage = ({
  verdict,
  points,
  checks,
  demands,
  lastStep,
  lacks,
  said = '',
}: Evidence): string[] => {
  const proven = verdict?.verdict === 'healthy'
  const decided = proven ? undefined : verdict?.metric
  const lacking =
    lacks.length > 0
      ? ['## What the metrics lacked', lacks.map((note) => `- ${inline(note)}`).join('\n')]
      : []
  return [
    ...(verdict
      ? [
          '## Evidence',
          ...(said.includes(verdict.words) ? [] : [inline(verdict.words, 600)]),
          recentWords(verdict, points),
          metricTable(verdict),
          intervalWords(verdict.metrics, demands),
        ]
      : []),
    latencyTable(points, checks),
    // What was proven all the same is shown first; else what is missing is the news.
    ...(proven ? [] : lacking),
    evidenceChart(points, demands, lastStep),
    charts(points, checks, decided),
    ...(proven ? lacking : []),
  ].filter((part) => part !== '')
}

/** Figures since the first move hide how bad it is now. */
const recentSeconds = 60

const recentWords = ({ verdict, metric, metrics, at }: Verdict, points: readonly ChartPoint[]): string => {
  const one = metrics.find((each) => each.metric === metric)
  if (verdict !== 'unhealthy' || !one || at === null) return ''
  const name = checkOf(one.metric)
  const recent = points.filter((point) => point.at > at - recentSeconds)
  const found = recent.flatMap(({ observations }) => observations.filter((each) => each.metric === name))
  const { canary, stable } = sumFigures(found, one.edge ?? null)
  if (canary.total === 0 || one.kind === 'value') return ''
  const from = Math.min(...found.map((each) => each.from))
  const part = ({ total, events }: typeof canary) =>
    total === 0
      ? 'nothing'
      : `${Number(((100 * events) / total).toPrecision(3))} % (${events.toLocaleString('en-US')} of ${total.toLocaleString('en-US')})`
  return inline(
    `In the last ${Math.round(at - from)} s: ${part(canary)} on the new version, ${part(stable)} on stable.`,
  )
}
