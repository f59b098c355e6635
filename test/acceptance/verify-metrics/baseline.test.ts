import { afterEach, describe, expect, test } from '@jest/globals'
import { openStage, type Stage } from '../canary-step/stage.ts'

let stage: Stage
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  await stage.close()
})

const errors = { kind: 'ratio', name: 'errors', total: 'requests_total', events: 'errors_total' }
const steps = [
  // Long enough that the second look, at other moments, proves each step too.
  { weight: 10, margin: '3 %', min: 4, max: 10 },
  { weight: 50, margin: '2 %', min: 3, max: 10 },
]

/** A stage whose checks are these, and whose previous release went live so many seconds ago. */
const open = async (checks: Record<string, unknown>[], liveAgo: number | null = null, rollout = {}) => {
  stage = await openStage({
    rollout,
    plan: liveAgo === null ? {} : { learnt: { previousLiveAt: Date.now() / 1000 - liveAgo, armSpread: [] } },
    metrics: { checks },
  })
  return stage
}
type Judged = {
  metric: string
  criterion: string
  baseline?: string
  guarantee?: string
  stable: { rate: number }
}
const judged = (result: string | undefined): Judged[] => JSON.parse(result ?? '{}').data.verdict.metrics

describe('V3: a fixed objective', () => {
  const checks = [{ ...errors, baseline: 'objective', objective: '0.5 %' }]

  test('V3: an objective that is kept goes to 100 %, whatever the stable version does, and says what that is worth', async () => {
    await open(checks)
    stage.service.faults.errors = { canary: 0.001, stable: 0.3 }
    const { status, outputs, summary } = await stage.run('canary-step')
    expect([status, outputs['decision'], outputs['weight']]).toEqual([0, 'done', '100'])
    expect(summary).toContain('baseline: 0.5 %')
    expect(summary).toContain('a release that is worse than stable but within the objective passes')
    const again = await stage.run('verify-metrics')
    expect(again.outputs['verdict']).toBe('healthy')
    const { metrics } = JSON.parse(again.outputs['evidence'] ?? '{}')
    expect(metrics[0]).toMatchObject({ baseline: 'objective', stable: { rate: 0.005 } })
  }, 60_000)

  test('V3: an objective that is missed returns the release, even where stable misses it too', async () => {
    await open(checks)
    stage.service.faults.errors = { canary: 0.2, stable: 0.2 }
    const { outputs } = await stage.run('canary-step')
    expect([outputs['decision'], outputs['reason-code']]).toEqual(['returned', 'error-rate-above-margin'])
    expect(judged(outputs['result'])[0]?.guarantee).toContain('an outage that both versions share')
  }, 60_000)
})

describe('V3: the previous release, the same length of time after it went live', () => {
  const checks = [{ ...errors, baseline: 'previous-release' }]

  test('V3: a release like the one before is proven where its life showed how much times differ', async () => {
    await open(checks, 112, { steps })
    const { status, outputs, summary } = await stage.run('canary-step')
    expect([status, outputs['decision']]).toEqual([0, 'done'])
    expect(summary).toContain('another time: a shared outage')
    const again = await stage.run('verify-metrics')
    expect([again.outputs['verdict'], again.outputs['reason-code']]).toEqual(['healthy', 'recomputed'])
  }, 60_000)

  test('V3: a worse one is returned, though stable is as bad now: the other time was not', async () => {
    await open(checks, 112, { steps })
    stage.service.faults.errors = { canary: 0.2, stable: 0.2 }
    const { outputs } = await stage.run('canary-step')
    expect([outputs['decision'], outputs['reason-code']]).toEqual(['returned', 'error-rate-above-margin'])
    const [metric] = judged(outputs['result'])
    expect(metric?.stable.rate).toBeLessThan(0.01)
    expect(metric?.criterion).toContain('baseline: the previous release at its time')
  }, 60_000)

  test('V3: a previous release that lived too short to show how times differ proves nothing, and still returns harm', async () => {
    await open(checks, 20, { steps })
    const good = await stage.run('canary-step')
    expect(good.outputs['decision']).toBe('returned')
    expect(good.summary).toContain('measured at another time')
    await stage.close()
    await open(checks, 20, { steps })
    stage.service.faults.errors = { canary: 0.3, stable: 0.001 }
    const bad = await stage.run('canary-step')
    expect([bad.outputs['decision'], bad.outputs['reason-code']]).toEqual([
      'returned',
      'error-rate-above-margin',
    ])
  }, 60_000)

  test('V3: when it went live is not known: no baseline, nothing proven, and the summary says why', async () => {
    await open(checks, null, { steps })
    const { outputs, summary } = await stage.run('canary-step')
    expect([outputs['decision'], outputs['verdict']]).toEqual(['returned', 'inconclusive'])
    expect(summary).toContain('does not say when 1.1.0 went live')
  }, 60_000)

  test('V3: the moment can be given', async () => {
    await open(checks, null, { steps })
    const since = Date.now() / 1000
    await fetch(`${stage.service.url}/weight`, { method: 'PUT', body: '{"weight":50}' })
    await new Promise((next) => setTimeout(next, 4000))
    const window = { deployment: '', since: since.toFixed(1), weight: '50' }
    const unknown = await stage.run('verify-metrics', window)
    expect([unknown.status, unknown.outputs['verdict']]).toEqual([1, 'inconclusive'])
    const given = { ...window, 'baseline-since': (since - 112).toFixed(1) }
    const known = await stage.run('verify-metrics', given)
    expect([known.status, known.outputs['verdict']]).toEqual([0, 'healthy'])
  }, 60_000)
})

describe('V3: staging is compared where it was measured', () => {
  const staged = {
    ...errors,
    name: 'staging-errors',
    baseline: 'staging',
    total: 'staging_requests_total',
    events: 'staging_errors_total',
  }

  test('V3: staging is judged against staging before it, and takes no part in production', async () => {
    await open([errors, staged])
    const since = Date.now() / 1000
    await fetch(`${stage.service.url}/weight`, { method: 'PUT', body: '{"weight":100}' })
    await new Promise((next) => setTimeout(next, 5000))
    const window = { deployment: '', since: since.toFixed(1), place: 'staging' }
    const good = await stage.run('verify-metrics', window)
    expect([good.status, good.outputs['verdict']]).toEqual([0, 'healthy'])
    expect(judged(good.outputs['result']).map(({ metric, baseline }) => [metric, baseline])).toEqual([
      ['staging-errors', 'staging'],
    ])
    expect(good.summary).toContain('nothing about production')
    stage.service.faults.errors = { canary: 0.2, stable: 0.001 }
    await new Promise((next) => setTimeout(next, 3000))
    const bad = await stage.run('verify-metrics', window)
    expect([bad.status, bad.outputs['verdict']]).toEqual([1, 'unhealthy'])
    stage.service.faults.errors = { canary: 0.001, stable: 0.001 }
    await fetch(`${stage.service.url}/weight`, { method: 'PUT', body: '{"weight":0}' })
    const walked = await stage.run('canary-step')
    expect(judged(walked.outputs['result']).map(({ metric }) => metric)).toEqual(['errors'])
  }, 60_000)
})

test('V4: evidence tells how the arms differed in each step, for later releases to learn from', async () => {
  await open([errors, { ...errors, name: 'kept', baseline: 'objective', objective: '10 %' }])
  stage.service.faults.errors = { canary: 0.03, stable: 0.03 }
  await stage.run('canary-step')
  const { outputs } = await stage.run('verify-metrics')
  type Ratio = { metric: string; logRatio: number; variance: number }
  const { visits } = JSON.parse(outputs['evidence'] ?? '{}') as {
    visits: { weight: number; canary: { errors: number }; ratios: Ratio[] }[]
  }
  const told = visits.filter(({ weight, canary }) => weight < 100 && canary.errors > 0)
  expect(told.length).toBeGreaterThan(0)
  for (const { ratios } of told) {
    // The objective is no arm; what is held to it teaches nothing of arms.
    expect(ratios.map(({ metric }) => metric)).toEqual(['errors'])
    const [{ logRatio, variance } = { logRatio: 9, variance: 0 }] = ratios
    expect(Math.abs(logRatio)).toBeLessThan(4 * Math.sqrt(variance))
  }
  for (const { ratios } of visits.filter(({ weight }) => weight === 100)) expect(ratios).toEqual([])
}, 60_000)
