import { planBake } from '@relman/core/verdict/plan-bake'
import { markdownTable } from 'markdown-table'
import { percent, quantile, seconds } from './bench-verdict-figures.ts'
import { LOOK_SECONDS } from './bench-verdict-noise.ts'
import { seedOf } from './bench-verdict-random.ts'
import { bake, errorsWithin } from './bench-verdict-runs.ts'

const steps = [
  { rps: 200, weight: 25, canaries: 5, stables: 15, base: 0.001, margin: 0.001 },
  { rps: 200, weight: 10, canaries: 2, stables: 18, base: 0.001, margin: 0.002 },
  { rps: 200, weight: 5, canaries: 1, stables: 19, base: 0.001, margin: 0.005 },
  { rps: 2000, weight: 1, canaries: 1, stables: 20, base: 0.0005, margin: 0.001 },
  { rps: 2000, weight: 10, canaries: 2, stables: 18, base: 0.001, margin: 0.001 },
  { rps: 500, weight: 10, canaries: 2, stables: 18, base: 0.002, margin: 0.003 },
  { rps: 50, weight: 25, canaries: 2, stables: 6, base: 0.001, margin: 0.005 },
] as const

/** What `planBake` foretells of steps in which nothing changed, and what happens in simulation. */
export function bakeTable({ runs, seed, history }: { runs: number; seed: number; history: number }): string {
  const rows = steps.map(({ margin, ...place }) => {
    const { rps, weight, canaries: canaryInstances, stables: stableInstances, base } = place
    const canary = (rps * weight) / 100
    const traffic = { canary, stable: rps - canary, canaryInstances, stableInstances }
    const planned = planBake(traffic, base, margin, 0.05)
    const times = Array.from({ length: runs }, (_, run) => {
      const options = { history, looks: 120, rivals: false, settings: { criteria: [errorsWithin(margin)] } }
      const { healthy } = bake('binomial', place, seedOf(seed, 'bake', rps, weight, run), options)
      return healthy === null ? Number.POSITIVE_INFINITY : (healthy + 1) * LOOK_SECONDS
    })
    return [
      `${weight} % of ${rps.toLocaleString('en-US')} rps, ${canaryInstances} beside ${stableInstances}`,
      percent(base, 2),
      `${Number((100 * margin).toPrecision(3))} pp`,
      seconds(planned.half ?? Number.NaN),
      seconds(quantile(times, 0.5)),
      seconds(planned.most ?? Number.NaN),
      seconds(quantile(times, 0.9)),
    ]
  })
  const head = ['step', 'base', 'margin', 'half, planned', 'simulated', 'nine of ten, planned', 'simulated']
  return markdownTable([head, ...rows], { align: ['l', 'r', 'r', 'r', 'r', 'r', 'r'] })
}
