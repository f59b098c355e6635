import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import { type VerdictFile, verdictFile } from '@relman/core/rollout/verdict-file'
import { openStage, type Stage } from '../canary-step/stage.ts'

let stage: Stage
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  await stage.close()
})

const metrics = {
  criteria: ['errors < baseline + 1 %', 'errors < 5 %', 'p99 < 1.5 × baseline'],
  checks: [
    { kind: 'ratio', name: 'errors', total: 'requests_total', events: 'errors_total' },
    { kind: 'latency', name: 'latency', histogram: 'request_seconds' },
  ],
}

/** What the job left behind, read by its contract; nothing in it is unknown to the contract. */
const fileOf = (path: string | undefined): VerdictFile => {
  const written: unknown = JSON.parse(readFileSync(path ?? '', 'utf8'))
  const read = verdictFile.parse(written)
  expect(read).toEqual(written)
  return read
}

test('V6: verdict.json of a walk that met harm: each criterion with its evidence, when it decided, what was not proven', async () => {
  stage = await openStage({ metrics })
  stage.service.faults.errors = { canary: 0.01, stable: 0.01 }
  const running = stage.start('canary-step')
  await stage.until(() => stage.service.weight() === 50)
  const fault = Date.now() / 1000
  stage.service.faults.errors = { canary: 0.1, stable: 0.01 }
  const { outputs } = await running.done
  const file = fileOf(outputs['verdict-file'])
  expect(file).toMatchObject({
    action: 'canary-step',
    service: 'shop',
    version: '1.2.0',
    previous: '1.1.0',
    digest: stage.digest,
    decision: 'returned',
    reasonCode: 'error-rate-above-margin',
    verdict: 'unhealthy',
    decidedBy: 'errors',
    down: null,
  })
  expect(file.steps.map(({ weight, verdict }) => [weight, verdict])).toEqual([
    [10, 'healthy'],
    [50, 'unhealthy'],
  ])
  const [errors, limit, latency] = file.criteria
  expect(file.criteria.map(({ text }) => text)).toEqual(metrics.criteria)
  expect(errors).toMatchObject({ verdict: 'unhealthy', promised: 0.01, unit: 'share', required: true })
  expect(errors?.baseline).toMatchObject({
    kind: 'stable',
    guarantee: expect.stringMatching(/both versions/),
  })
  expect(errors?.evidence.against).toBeGreaterThanOrEqual(100)
  expect(errors?.evidence.words).toMatch(/to 1 against$/)
  expect(errors?.notProven).toContain('errors < baseline + 1 %')
  expect((errors?.decidedAt ?? 0) - fault).toBeGreaterThan(0)
  expect((errors?.decidedAt ?? 0) - fault).toBeLessThan(8)
  const { estimate, interval } = errors ?? {}
  expect(interval?.[0]).toBeLessThan(estimate ?? 0)
  expect(interval?.[1]).toBeGreaterThan(estimate ?? 0)
  expect(limit).toMatchObject({ metric: 'errors limit', ceiling: 0.05, margin: null })
  expect(latency?.latency?.edge).toBe(0.25)
  expect(latency?.latency?.new.p50).toBeGreaterThan(0)
  expect(file.looks.at(-1)?.against).toBeGreaterThanOrEqual(100)
  expect(file.looks.map(({ at }) => at)).toEqual(file.looks.map(({ at }) => at).toSorted((a, b) => a - b))
  expect(file.prospects[0]).toMatch(/^errors: at 10 % .* can prove a margin of/)
}, 60_000)

test('V6: verdict.json of a window that was healthy, and of a step too short to prove anything', async () => {
  stage = await openStage({ metrics, rate: 200 })
  await fetch(`${stage.service.url}/weight`, { method: 'PUT', body: '{"weight":50}' })
  const since = (Date.now() / 1000).toFixed(1)
  await new Promise((next) => setTimeout(next, 1000))
  const window = { deployment: '', since, weight: '50' }
  const short = fileOf((await stage.run('verify-metrics', window)).outputs['verdict-file'])
  await new Promise((next) => setTimeout(next, 12_000))
  const long = fileOf((await stage.run('verify-metrics', window)).outputs['verdict-file'])
  expect([long.action, long.verdict, long.decision]).toEqual(['verify-metrics', 'healthy', 'healthy'])
  for (const criterion of long.criteria) {
    expect(criterion).toMatchObject({ verdict: 'healthy', notProven: null, decidedAt: expect.any(Number) })
    expect(criterion.evidence.for).toBeGreaterThanOrEqual(criterion.evidence.wanted.for)
  }
  const open = short.criteria.filter(({ verdict }) => verdict === 'inconclusive')
  expect(open).not.toEqual([])
  for (const { notProven, decidedAt } of open)
    expect([notProven, decidedAt]).toEqual([expect.stringMatching(/was not proven: /), null])
  expect(long.criteria[0]?.provable).toMatchObject({ margin: expect.any(Number) })
}, 60_000)

test('V5, V6: verdict.json of a provider that is down says so, and proves nothing', async () => {
  stage = await openStage({ metrics })
  stage.service.faults.metrics = 'html'
  const { outputs } = await stage.run('canary-step')
  const file = fileOf(outputs['verdict-file'])
  expect(file).toMatchObject({ decision: 'refused', reasonCode: 'metrics-down', verdict: null, criteria: [] })
  expect(file.down).toContain('a web page')
}, 60_000)
