import { afterEach, expect, test } from '@jest/globals'
import { openStage, type Stage } from '../canary-step/stage.ts'

let stage: Stage
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  await stage.close()
})

type Visit = {
  weight: number
  observed: number
  verdict: string | null
  reason: string | null
  canary: { requests: number; errors: number }
}
const evidenceOf = (text: string | undefined) =>
  JSON.parse(text ?? '{}') as {
    visits: Visit[]
    metrics: { evidenceAgainst: number }[]
    verdict: string
    down: string | null
    digest: string
  }

test('V4, V6: evidence of a whole rollout is counted and judged again from the provider alone', async () => {
  stage = await openStage()
  await stage.run('canary-step')
  stage.service.requests.length = 0
  const { outputs, status, summary } = await stage.run('verify-metrics', { token: '' })
  expect([status, outputs['decision'], outputs['reason-code'], outputs['verdict']]).toEqual([
    0,
    'evidence',
    'recomputed',
    'healthy',
  ])
  const { visits, down, digest } = evidenceOf(outputs['evidence'])
  expect([down, digest]).toEqual([null, stage.digest])
  expect(visits.map(({ weight, verdict }) => [weight, verdict])).toEqual([
    [10, 'healthy'],
    [50, 'healthy'],
    [100, null],
  ])
  for (const [index, share] of [0.1, 0.5].entries())
    expect(Math.abs((visits[index]?.observed ?? 0) - share)).toBeLessThan(0.03)
  expect(visits[0]?.canary.requests).toBeGreaterThan(50)
  expect(summary).toContain('```mermaid')
  expect(stage.service.requests.filter((request) => request.includes('/weight'))).toEqual([])
}, 60_000)

test('V4: a step whose status lies about harm is shown as it was', async () => {
  stage = await openStage()
  const running = stage.start('canary-step')
  await stage.until(() => stage.service.weight() === 50)
  stage.service.faults.errors = { canary: 0.08, stable: 0.001 }
  await running.done
  const { outputs } = await stage.run('verify-metrics')
  const { visits, metrics } = evidenceOf(outputs['evidence'])
  const last = visits.at(-1)
  // The second look falls on other moments: after seconds of history it may have one look too few to be sure.
  expect(last?.weight).toBe(50)
  expect(['unhealthy error-rate-above-margin', 'inconclusive too-little-seen']).toContain(
    `${last?.verdict} ${last?.reason}`,
  )
  expect(metrics[0]?.evidenceAgainst).toBeGreaterThan(100)
}, 60_000)

test('V5: a provider that is down gives evidence that says so, and a window that is not healthy', async () => {
  stage = await openStage()
  stage.service.faults.metrics = 'html'
  const window = { deployment: '', since: String(Date.now() / 1000 - 20), weight: '10' }
  const { outputs, status } = await stage.run('verify-metrics', window)
  expect([status, outputs['verdict'], outputs['reason-code']]).toEqual([1, 'inconclusive', 'metrics-down'])
}, 60_000)

test('V4: one window gets one verdict', async () => {
  stage = await openStage()
  const since = Date.now() / 1000
  await fetch(`${stage.service.url}/weight`, { method: 'PUT', body: '{"weight":50}' })
  await new Promise((next) => setTimeout(next, 6000))
  const window = { deployment: '', since: since.toFixed(1), weight: '50' }
  const good = await stage.run('verify-metrics', window)
  expect([good.status, good.outputs['verdict'], good.outputs['decision']]).toEqual([0, 'healthy', 'healthy'])
  stage.service.faults.errors = { canary: 0.1, stable: 0.001 }
  await new Promise((next) => setTimeout(next, 4000))
  const bad = await stage.run('verify-metrics', window)
  expect([bad.status, bad.outputs['verdict']]).toEqual([1, 'unhealthy'])
}, 60_000)

test('23: a window without a beginning and a digest that is none are refused with the fix', async () => {
  stage = await openStage()
  for (const [inputs, words] of [
    [{ deployment: '' }, 'input "since"'],
    [{ digest: '../../x' }, 'input "digest": write the digest that plan-release gave'],
  ] as const) {
    const { outputs, status } = await stage.run('verify-metrics', inputs)
    expect([status, outputs['reason-code']]).toEqual([1, 'configuration-error'])
    expect(JSON.parse(outputs['result'] ?? '{}').message).toContain(words)
  }
}, 60_000)
