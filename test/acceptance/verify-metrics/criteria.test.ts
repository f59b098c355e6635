import { afterEach, expect, test } from '@jest/globals'
import { openStage, type Stage } from '../canary-step/stage.ts'

let stage: Stage
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  await stage.close()
})

const checks = [
  { kind: 'ratio', name: 'errors', total: 'requests_total', events: 'errors_total' },
  { kind: 'latency', name: 'latency', histogram: 'request_seconds' },
]

/** A window of `seconds` at 50 %, judged through the bundle. */
const windowOf = async (criteria: string[], faults: Partial<Stage['service']['faults']>, seconds = 6) => {
  stage = await openStage({ metrics: { criteria, checks } })
  await fetch(`${stage.service.url}/weight`, { method: 'PUT', body: '{"weight":50}' })
  Object.assign(stage.service.faults, faults)
  const since = Date.now() / 1000
  await new Promise((next) => setTimeout(next, seconds * 1000))
  return stage.run('verify-metrics', { deployment: '', since: since.toFixed(1), weight: '50' })
}

test('V5: criteria are shown exactly as written, each with what was seen and the evidence in words', async () => {
  const criteria = ['errors  <  baseline + 2.5 pp', 'errors < 5 %', 'p99 < 1.5x baseline']
  const { outputs, summary } = await windowOf(criteria, {})
  expect([outputs['verdict'], outputs['reason-code']]).toEqual(['healthy', 'proven'])
  expect(summary).toContain('✅ errors \\< baseline + 2.5 pp')
  expect(summary).toContain('✅ errors \\< 5 %')
  expect(summary).toContain('✅ p99 \\< 1.5x baseline')
  expect(summary).toMatch(/within 2\.5 pp .*to 1 for/)
  expect(summary).toContain('p99 of latency')
}, 60_000)

test('V2: a p99 twice that of the baseline is unhealthy, and p50, p95 and p99 are shown', async () => {
  const { outputs, status, summary } = await windowOf(['p99 < 1.2 × baseline'], {
    latency: { canary: 2, stable: 1 },
  })
  expect([status, outputs['verdict'], outputs['reason-code']]).toEqual([
    1,
    'unhealthy',
    'latency-above-margin',
  ])
  expect(summary).toMatch(/❌ p99 \\< 1\.2 × baseline/)
  for (const quantile of ['p50', 'p95', 'p99'])
    expect(summary).toMatch(
      new RegExp(`${quantile} of latency +\\| [\\d.]+ ms +\\| [\\d.]+ ms +\\| (1\\.[3-9]|2\\.[0-9])`),
    )
  expect(summary).toMatch(/slower than 0\.25 s/)
}, 60_000)

test('V2: a median that is written is judged as written, beside the tail', async () => {
  const { outputs, summary } = await windowOf(
    ['p50 < 1.2 × baseline', 'p99 < 20 × baseline'],
    { latency: { canary: 2.5, stable: 1 } },
    8,
  )
  expect([outputs['verdict'], outputs['reason-code']]).toEqual(['unhealthy', 'latency-above-margin'])
  expect(summary).toMatch(/❌ p50 \\< 1\.2 × baseline .*slower than 0\.05 s/)
  expect(summary).not.toMatch(/❌ p99/)
}, 90_000)

test('V5: a limit is a limit: within the margin of the baseline, and still not healthy beyond it', async () => {
  const { outputs, summary } = await windowOf(['errors < 1 %'], { errors: { canary: 0.03, stable: 0.001 } })
  expect([outputs['verdict'], outputs['reason-code']]).toEqual(['unhealthy', 'ceiling-exceeded'])
  expect(summary).toContain('❌ errors \\< 1 %')
  await stage.close()
  const both = await windowOf(['errors < 1 %'], { errors: { canary: 0.02, stable: 0.02 } })
  expect([both.outputs['verdict'], both.outputs['reason-code']]).toEqual(['inconclusive', 'not-proven-yet'])
}, 90_000)
