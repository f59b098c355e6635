import { config } from '@relman/core/config/config'
import { planBakes } from '@relman/core/plan/plan-bakes'
import type { BakedStep } from '@relman/core/plan/planned-bake'
import { markdownTable } from 'markdown-table'

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

/** How long nine of ten steps of the usual ladder need, by requests of users alone and by probes alone. */
export function probesTable(): string {
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
