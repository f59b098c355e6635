import type { MetricCriterion } from '@relman/core/verdict/criterion'
import { look, openJudge } from '@relman/core/verdict/judge'
import type { Observation, Sample } from '@relman/core/verdict/observation'
import { markdownTable } from 'markdown-table'
import { atLeast, quantile, seconds } from './bench-verdict-figures.ts'
import { LOOK_SECONDS, service } from './bench-verdict-noise.ts'
import { type Random, randomFrom, seedOf } from './bench-verdict-random.ts'
import { errorsWithin } from './bench-verdict-runs.ts'

const edges = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** `p99 < 1.2 x baseline`. */
const latency: MetricCriterion = {
  metric: 'latency',
  kind: 'latency',
  direction: 'lower-is-better',
  margins: [0.2],
  unit: 'slower',
  required: true,
}

/** Requests of log-normal duration, median 50 ms, sd 0.7, in Prometheus' default buckets; a `slow` share takes `times` as long. */
function histogram(random: Random, requests: number, times: number): Sample['buckets'] {
  const counts = new Array<number>(edges.length + 1).fill(0)
  for (let left = random.poisson(requests); left > 0; left--) {
    const duration = 0.05 * Math.exp(0.7 * random.normal()) * times
    const at = edges.findIndex((edge) => duration <= edge)
    const bucket = at < 0 ? edges.length : at
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  return { le: edges, counts }
}

function slowRelease(
  random: Random,
  place: { rps: number; weight: number },
  times: number,
  history: number,
): number {
  const stables = 20
  const next = (at: number, weight: number): Observation => {
    const sample = (instance: string, share: number, factor: number): Sample => {
      const buckets = histogram(random, place.rps * LOOK_SECONDS * share, factor)
      return {
        instance,
        total: buckets?.counts.reduce((sum, count) => sum + count, 0) ?? 0,
        ...(buckets ? { buckets } : {}),
      }
    }
    return {
      schema: 1,
      metric: 'latency',
      kind: 'latency',
      from: at,
      to: at + LOOK_SECONDS,
      weight,
      canary: weight > 0 ? [sample('canary', weight / 100, times)] : [],
      stable: Array.from({ length: stables }, (_, i) =>
        sample(`stable-${i}`, (1 - weight / 100) / stables, 1),
      ),
    }
  }
  let state = openJudge({
    criteria: [latency],
    history: Array.from({ length: history }, (_, i) => next((i - history) * LOOK_SECONDS, 0)),
  })
  for (let at = 0; at < 40; at++) {
    const elapsedSeconds = (at + 1) * LOOK_SECONDS
    const step = { index: 0, last: true, elapsedSeconds, weight: place.weight }
    const answer = look(state, [next(at * LOOK_SECONDS, place.weight)], step)
    state = answer.state
    if (answer.verdict.verdict === 'unhealthy') return elapsedSeconds
  }
  return Number.POSITIVE_INFINITY
}

/** How soon a slower release is seen; few runs, as every request is drawn. */
export function latencyTable({ runs, seed }: { runs: number; seed: number }): string {
  const rows = [
    { rps: 2000, weight: 1, times: 1 },
    { rps: 2000, weight: 1, times: 2 },
    { rps: 2000, weight: 1, times: 1.5 },
    { rps: 200, weight: 10, times: 2 },
    { rps: 200, weight: 1, times: 2 },
  ].map(({ rps, weight, times }) => {
    const delays = Array.from({ length: runs }, (_, run) =>
      slowRelease(randomFrom(seedOf(seed, 'latency', rps, weight, times, run)), { rps, weight }, times, 20),
    )
    const found = delays.filter(Number.isFinite).length
    return [
      `${weight} % of ${rps.toLocaleString('en-US')} rps`,
      `x ${times}`,
      atLeast(found, runs),
      seconds(quantile(delays, 0.5)),
    ]
  })
  return markdownTable([['traffic', 'every request', 'rolled back in 10 min', 'median'], ...rows], {
    align: ['l', 'r', 'r', 'r'],
  })
}

/** Milliseconds of one look, over a thousand looks, with one metric and with ten. */
export function speedTable({ seed }: { seed: number }): string {
  const rows = [1, 10].map((metrics) => {
    const names = Array.from({ length: metrics }, (_, i) => `errors-${i}`)
    const place = { rps: 2000, base: 0.001, canaries: 2, stables: 18, weight: 10 }
    const next = service('binomial', place, randomFrom(seed))
    const observe = (at: number, weight: number) => {
      const one = next(at * LOOK_SECONDS, weight)
      return names.map((metric) => ({ ...one, metric }))
    }
    const history = Array.from({ length: 120 }, (_, i) => observe(i - 120, 0)).flat()
    const criteria = names.map((metric) => ({ ...errorsWithin(0.01, 0.005, 0.002, 0.001), metric }))
    let state = openJudge({ criteria, history })
    const times: number[] = []
    for (let at = 0; at < 1000 / metrics; at++) {
      const observations = observe(at, 10)
      const step = { index: 0, last: false, elapsedSeconds: at * LOOK_SECONDS, weight: 10 }
      const begun = performance.now()
      state = look(state, observations, step).state
      times.push(performance.now() - begun)
    }
    const bytes = JSON.stringify(state).length
    return [
      String(metrics),
      quantile(times, 0.5).toFixed(2),
      quantile(times, 0.99).toFixed(2),
      `${(bytes / 1000).toFixed(1)} kB`,
    ]
  })
  return markdownTable([['metrics', 'ms, median', 'ms, 99 %', 'state'], ...rows], {
    align: ['l', 'r', 'r', 'r'],
  })
}
