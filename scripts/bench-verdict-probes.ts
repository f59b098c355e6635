import { config } from '@relman/core/config/config'
import { planBakes } from '@relman/core/plan/plan-bakes'
import type { BakedStep } from '@relman/core/plan/planned-bake'
import { markdownTable } from 'markdown-table'
import { quantile, seconds } from './bench-verdict-figures.ts'
import { type Family, families, LOOK_SECONDS } from './bench-verdict-noise.ts'
import { seedOf } from './bench-verdict-random.ts'
import { bake, errorsWithin } from './bench-verdict-runs.ts'

const rates = [5, 20, 50]

/** Planned bakes of the usual ladder with so many requests of users, or probes of each version, a second. */
const stepsOf = (probed: boolean, rate: number, instances: number): BakedStep[] => {
  const check = probed
    ? { kind: 'ratio', name: 'errors', provider: 'probes' }
    : { kind: 'ratio', name: 'errors', total: 't', events: 'e' }
  const probes = { url: 'https://{{arm}}.shop.example', rate, ...(instances > 1 ? named : {}) }
  const policy = config.parse({
    metrics: {
      prometheus: { url: 'https://prometheus.example' },
      checks: [check],
      ...(probed ? { probes } : {}),
    },
    rollout: { assume: { rate, instances } },
  })
  const bake = planBakes(policy)
  return (probed ? bake?.probes[0] : bake?.cases[0])?.steps ?? []
}
const named = { answers: { instance: 'x-pod' } }

/** Steps of the usual ladder to simulate: probes a second, instances that answers name, and which step. */
const simulated = [
  { rate: 5, instances: 1, at: 1 },
  { rate: 20, instances: 1, at: 2 },
  { rate: 50, instances: 1, at: 2 },
  { rate: 20, instances: 10, at: 2 },
  { rate: 50, instances: 10, at: 3 },
  { rate: 50, instances: 10, at: 4 },
]
/** Looks before the first move: of the ten minutes that probes take by default. */
const usualHistory = 40
/** … and of one. */
const shortHistory = 4

/** How long nine of ten steps of the usual ladder need, by users alone and by probes alone; and what simulation says. */
export function probesTable(options: { runs: number; seed: number }): string {
  return [plannedTable(), simulatedTable(options), harmlessTable(options)].join('\n\n')
}

function simulatedTable({ runs, seed }: { runs: number; seed: number }): string {
  const rows = simulated.flatMap(({ rate, instances, at }) => {
    const step = stepsOf(true, rate, instances)[at]
    if (!step) return []
    const { weight, margin, half, most } = step
    const canaries = instances === 1 ? 1 : Math.max(1, Math.round((instances * weight) / (100 - weight)))
    const place = { rps: 2 * rate, weight: 50, canaries, stables: instances, base: 0.001 }
    const wanted = at === 4 ? 20 : 10
    const settings = {
      criteria: [errorsWithin(margin / 100)],
      promote: { intermediate: wanted, last: wanted },
    }
    const times = Array.from({ length: runs }, (_, run) => {
      const options = { history: usualHistory, looks: 240, rivals: false, settings }
      const { healthy } = bake('binomial', place, seedOf(seed, 'probes', rate, instances, at, run), options)
      return healthy === null ? Number.POSITIVE_INFINITY : (healthy + 1) * LOOK_SECONDS
    })
    return [
      [
        `${rate} a second, ${weight} %, ${margin} pp, ${canaries} beside ${instances}`,
        seconds(half ?? Number.NaN),
        seconds(quantile(times, 0.5)),
        seconds(most ?? Number.NaN),
        seconds(quantile(times, 0.9)),
      ],
    ]
  })
  const head = ['probes', 'half, planned', 'simulated', 'nine of ten, planned', 'simulated']
  return markdownTable([head, ...rows], { align: ['l', 'r', 'r', 'r', 'r'] })
}

/** Harmless releases that 20 probes a second of each version return within 40 looks, margin 0.1 pp. */
function harmlessTable({ runs, seed }: { runs: number; seed: number }): string {
  const columns = [1, 10].flatMap((instances) =>
    [shortHistory, usualHistory].map((history) => ({ instances, history })),
  )
  const settings = { criteria: [errorsWithin(0.001)] }
  const rows = (Object.keys(families) as Family[]).map((family) => [
    family,
    ...columns.map(({ instances, history }) => {
      const place = { rps: 40, weight: 50, canaries: instances, stables: instances, base: 0.001 }
      const returned = Array.from({ length: runs }, (_, run) => {
        const options = { history, looks: 40, rivals: false, settings }
        return bake(family, place, seedOf(seed, 'harmless', family, instances, history, run), options)
      }).filter(({ unhealthy }) => unhealthy !== null)
      return `${returned.length} of ${runs}`
    }),
  ])
  const heads = columns.map(
    ({ instances, history }) =>
      `${instances === 1 ? 'no instances named' : `${instances} instances`}, ${(history * LOOK_SECONDS) / 60} min before`,
  )
  return markdownTable([['noise', ...heads], ...rows], { align: ['l', 'r', 'r', 'r', 'r'] })
}

function plannedTable(): string {
  const columns = [
    ...rates.map((rate) => ({ head: `${rate} rps of users`, steps: stepsOf(false, rate, 10) })),
    ...rates.map((rate) => ({ head: `${rate} probes a second`, steps: stepsOf(true, rate, 10) })),
    ...rates.map((rate) => ({ head: `${rate}, no instances named`, steps: stepsOf(true, rate, 1) })),
  ]
  const [first] = columns
  const rows = (first?.steps ?? []).map(({ weight, margin }, index) => [
    `${weight} %, ${margin} pp`,
    ...columns.map(({ steps }) => needs(steps[index])),
  ])
  return markdownTable([['step', ...columns.map(({ head }) => head)], ...rows], {
    align: ['l', ...columns.map(() => 'r')],
  })
}

const needs = (step: BakedStep | undefined): string => {
  if (!step || step.most === null) return step?.half ? `half in ${time(step.half)}` : 'never'
  return time(step.most)
}

const time = (seconds: number): string =>
  seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${Number((seconds / 3600).toPrecision(2))} h`
