import { readReports } from '../outcome/steps.ts'
import type { Played, Second } from '../play/played.ts'
import { drawChart, type Marker, type Point } from './chart.ts'

type Arm = 'canary' | 'stable'

/** Traffic, errors and latency against time, with the moments that mattered. */
export const drawCharts = (played: Played): string => {
  const from = played.startedAt
  const to = played.endedAt
  const markers = moments(played)
  const both = (value: (arm: Second['canary']) => number | null) => [
    { name: 'new version', colour: 'var(--canary)', points: points(played, 'canary', value) },
    { name: 'stable version', colour: 'var(--stable)', points: points(played, 'stable', value) },
  ]
  return [
    drawChart({
      title: 'Traffic on the new version',
      unit: ' %',
      top: 100,
      from,
      to,
      markers,
      series: [
        {
          name: 'share of requests',
          colour: 'var(--canary)',
          fill: true,
          step: true,
          points: weights(played),
        },
      ],
    }),
    drawChart({ title: 'Failed requests', unit: ' %', from, to, markers, series: both((arm) => share(arm)) }),
    drawChart({
      title: 'Slowest 1 % of requests take longer than',
      unit: ' ms',
      from,
      to,
      markers,
      series: both((arm) => arm.p99),
    }),
  ].join('\n')
}

const share = ({ requests, failed }: Second['canary']): number | null =>
  requests === 0 ? null : (failed / requests) * 100

const points = (played: Played, arm: Arm, value: (arm: Second['canary']) => number | null): Point[] =>
  played.seconds
    .filter(({ at }) => at >= played.startedAt)
    .map((second) => ({ at: second.at, value: second[arm].requests === 0 ? null : value(second[arm]) }))

const weights = (played: Played): Point[] => [
  { at: played.startedAt, value: 0 },
  ...played.weights
    .filter(({ at }) => at >= played.startedAt)
    .map(({ at, weight }) => ({ at, value: weight })),
  { at: played.endedAt, value: played.finalWeight },
]

const moments = (played: Played): Marker[] => {
  const reports = readReports(played)
  const unhealthy = reports.find(({ word }) => word === 'unhealthy' || word === 'inconclusive')
  const returned = reports.find(({ word }) => word === 'returned')
  return [
    ...(played.firstFaultAt === null
      ? []
      : [{ at: played.firstFaultAt, text: 'fault', colour: 'var(--amber)' }]),
    ...played.acts.map(({ at, what }) => ({ at, text: what, colour: 'var(--amber)' })),
    ...(unhealthy
      ? [
          {
            at: unhealthy.at,
            text: unhealthy.word === 'unhealthy' ? 'caught' : 'not proven',
            colour: 'var(--red)',
          },
        ]
      : []),
    ...(returned ? [{ at: returned.at, text: 'traffic is back', colour: 'var(--green)' }] : []),
  ].sort((a, b) => a.at - b.at || a.text.localeCompare(b.text))
}
