import { parseArgs } from 'node:util'
import { upperBound } from '@relman/core/replay/binomial-bound'
import { markdownTable } from 'markdown-table'
import { armCells } from './bench-baselines-arms.ts'
import { compareTimes, type Times, timeSeed, times } from './bench-baselines-times.ts'

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const rate = (count: number, among: number): string =>
  `${percent(count / among)} (≤ ${percent(upperBound(count, among))})`

/** What learning from the record does to drifting arms, and what another time is worth as a baseline. */
export function benchBaselines(words: string[]): void {
  const { values } = parseArgs({
    args: words,
    options: {
      runs: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      part: { type: 'string' },
      place: { type: 'string', default: '' },
      base: { type: 'string', default: '0.1' },
    },
  })
  const [runs, seed] = [Number(values.runs), Number(values.seed)]
  if (values.part !== 'times') console.log(arms(runs, seed, values.place))
  if (values.part !== 'arms') console.log(otherTimes(runs, seed, Number(values.base) / 100))
}

const nameOf = ({ weight, rps }: { weight: number; rps: number }) => `${weight} % of ${rps} rps`

const arms = (runs: number, seed: number, only: string): string => {
  const all = [200, 2000].flatMap((rps) =>
    [
      { weight: 10, canaries: 2, stables: 18 },
      { weight: 25, canaries: 5, stables: 15 },
    ].map((place) => ({ rps, base: 0.005, ...place })),
  )
  const places = all.filter((place) => only === '' || nameOf(place) === only)
  const rows = [0, 2].flatMap((bad) =>
    places.flatMap((place) =>
      armCells(place, bad, runs, seed).map((cell) => [
        nameOf(place),
        String(bad),
        cell.teacher,
        cell.spread.toFixed(2),
        rate(cell.falseRate[0] ?? 0, cell.falseRate[1] ?? 1),
        percent(cell.caught),
        rate(cell.promoted[0] ?? 0, cell.promoted[1] ?? 1),
      ]),
    ),
  )
  const head = [
    'place',
    'bad of 14',
    'learnt from',
    'spread, median',
    'returned though harmless',
    '+1 pp caught',
    'proven at the margin',
  ]
  return markdownTable([head, ...rows])
}

const otherTimes = (runs: number, seed: number, base: number): string => {
  const kinds = Object.keys(times) as Times[]
  const cells = kinds.flatMap((kind) => [false, true].map((teach) => ({ kind, teach })))
  const rows = cells.map(({ kind, teach }) => {
    const run = (increase: number) =>
      Array.from({ length: runs }, (_, i) =>
        compareTimes(kind, base, teach, increase, timeSeed(seed, kind, i)),
      )
    const [same, margin, worse] = [run(0), run(0.001), run(0.005)]
    const count = (all: typeof same, what: 'unhealthy' | 'healthy') => all.filter((one) => one[what]).length
    return [
      percent(base),
      kind,
      teach ? 'learnt' : 'not learnt',
      rate(count(same, 'unhealthy'), runs),
      percent(count(same, 'healthy') / runs),
      rate(count(margin, 'healthy'), runs),
      percent(count(worse, 'unhealthy') / runs),
    ]
  })
  const head = [
    'base',
    'times',
    'their spread',
    'returned though harmless',
    'proven when harmless',
    'proven at the margin',
    '+0.5 pp caught',
  ]
  return markdownTable([head, ...rows])
}
