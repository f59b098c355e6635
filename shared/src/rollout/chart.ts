import type { Observation } from '../verdict/observation.ts'
import { slowEdge, sumFigures } from './figures.ts'

/** One look as a chart needs it. Times are Unix seconds. */
export type ChartPoint = { at: number; weight: number; observations: readonly Observation[] }

const widest = 40

/**
 * A Mermaid chart of one metric's rate on both versions against time, in percent; empty without data. A gap in an arm
 * is drawn as its last value, since the diagram has no gaps.
 */
export const rateChart = (points: readonly ChartPoint[], metric: string): string => {
  const own = points.flatMap(({ at, observations }) => {
    const found = observations.filter((observation) => observation.metric === metric)
    return found.length > 0 ? [{ at, found }] : []
  })
  const edge = slowEdge(own.flatMap(({ found }) => found))
  const size = Math.max(1, Math.ceil(own.length / widest))
  const groups = Array.from({ length: Math.ceil(own.length / size) }, (_, index) =>
    own.slice(index * size, (index + 1) * size),
  )
  const figures = groups.map((group) =>
    sumFigures(
      group.flatMap(({ found }) => found),
      edge,
    ),
  )
  const canary = percentages(figures.map(({ canary }) => canary))
  const stable = percentages(figures.map(({ stable }) => stable))
  const [first, last] = [own[0], own.at(-1)]
  if (!first || !last || !canary || !stable || canary.length < 2) return ''
  const name = /^[a-z0-9-]+$/.test(metric) ? metric : 'metric'
  const what = edge === null ? name : `${name}: slower than ${edge} s`
  const most = Math.max(...canary, ...stable, 0.01)
  return [
    '```mermaid',
    'xychart-beta',
    `  title "${what}, % of requests: first line new, second line stable"`,
    `  x-axis "seconds" 0 --> ${Math.max(1, Math.round(last.at - first.at))}`,
    `  y-axis "%" 0 --> ${Number((most * 1.1).toPrecision(3))}`,
    `  line [${canary.join(', ')}]`,
    `  line [${stable.join(', ')}]`,
    '```',
  ].join('\n')
}

const percentages = (sums: readonly { total: number; events: number }[]): number[] | null => {
  const values: number[] = []
  for (const { total, events } of sums) {
    values.push(total > 0 ? Number(((100 * events) / total).toPrecision(3)) : (values.at(-1) ?? 0))
  }
  return sums.some(({ total }) => total > 0) ? values : null
}
