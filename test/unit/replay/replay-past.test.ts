import { expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'
import { firstSight } from '@relman/core/replay/first-sight'
import { type Past, replayPast } from '@relman/core/replay/replay-past'
import type { Observation } from '@relman/core/verdict/observation'

const hour = 3600
/** Scraped every 30 s from its beginning on. */
const scraped = (began: number) => async (from: number, to: number, step: number) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step).filter(
    (at) => at >= began && at < began + 2 * hour,
  )

test.each([
  ['within a long time', 100_017, 0, 3 * 24 * hour],
  ['at its beginning', 0, 0, 3 * hour],
  ['in its last second', 3 * hour, 0, 3 * hour],
])('V7: the first sight of a version is its own first second: %s', async (_, began, from, to) => {
  expect(await firstSight(scraped(began), from, to)).toBe(began)
})

test('V7: a version that was never seen has no first sight', async () => {
  expect(await firstSight(scraped(50 * hour), 0, 3 * hour)).toBeNull()
})

const config = readConfig(
  `metrics:
  prometheus: { url: 'https://prometheus.example' }
  checks:
    - { kind: ratio, name: errors, total: requests_total, events: errors_total }
`,
  'relman.yml',
)
const [bad, hotfix] = [10 * hour, 11 * hour]
/** Errors in 2,000 requests of an instance: 2 % of the bad release, counted up to half a minute late. */
const failing = (to: number) => (to > bad && to <= hotfix + 30 ? 40 : 2)
/** Scrapes are half as often as looks. */
const scrape = 30
const whole: Past['whole'] = async (from, to, seconds) =>
  Array.from({ length: Math.floor((to - from) / seconds) }, (_, i): Observation => {
    const end = from + (i + 1) * seconds
    const told = end % scrape === 0
    const stable = Array.from({ length: 6 }, (_, pod) => ({
      instance: `pod-${pod}`,
      total: told ? 2000 : 0,
      events: told ? failing(end) + ((end / scrape + pod) % 3) - 1 : 0,
    }))
    const about = { schema: 1, metric: 'errors', kind: 'ratio', weight: 0 } as const
    return { ...about, from: end - seconds, to: end, canary: [], stable }
  })

test('V7: a hotfix is not blamed for what the release before it left; that release is', async () => {
  const { rollout, metrics } = config
  if (!metrics) throw new Error('no metrics')
  const past: Past = {
    knownFrom: async () => 0,
    firstSeen: async (version) => (version === '1.3.0' ? bad : hotfix),
    beside: async () => [],
    whole,
  }
  const releases = [
    { tag: 'v1.3.0', version: '1.3.0', at: bad - 120 },
    { tag: 'v1.3.1', version: '1.3.1', at: hotfix - 120 },
  ]
  const span = { since: 0, until: 15 * hour, between: 0 }
  const report = await replayPast({ rollout, metrics }, releases, past, span, () => undefined)
  expect(report.releases.map(({ tag, verdict, reason }) => [tag, verdict, reason])).toEqual([
    ['v1.3.0', 'unhealthy', 'error-rate-above-margin'],
    ['v1.3.1', 'inconclusive', 'baseline-too-weak'],
  ])
})
