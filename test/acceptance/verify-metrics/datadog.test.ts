import { afterEach, expect, test } from '@jest/globals'
import { datadog, violations } from '../../contract/metrics/vendors/datadog.ts'
import type { World } from '../../contract/metrics/vendors/world.ts'
import { json } from '../../contract/traffic/server.ts'
import { openWindow, tenMinutes, type Window } from './vendor-window.ts'

let window: Window
afterEach(async () => {
  expect(violations.splice(0)).toEqual([])
  await window.close()
})
const keys = { DD_API_KEY: 'key-a', DD_APP_KEY: 'key-b' }
const open = async (world: World, env: Record<string, string> = keys) => {
  window = await openWindow('Datadog', datadog, world, 5, env)
}
const said = async (inputs?: Record<string, string>) => {
  const { status, outputs, summary, log } = await window.judge(inputs)
  return {
    status,
    verdict: outputs['verdict'],
    reason: outputs['reason-code'],
    text: `${summary}${log}`,
    outputs,
  }
}

test('V1: Datadog through the bundle: a release like the stable one is healthy', async () => {
  await open(tenMinutes({ canary: 0.001, stable: 0.001 }))
  const found = await said()
  expect([found.status, found.verdict, found.reason]).toEqual([0, 'healthy', 'proven'])
  const { verdict } = JSON.parse(found.outputs['result'] ?? '{}').data
  expect(verdict.metrics[0].canary.total).toBeGreaterThan(20_000)
  expect(found.text).not.toMatch(/key-a|key-b/)
}, 60_000)

test('V1: Datadog through the bundle: ten times the errors are unhealthy', async () => {
  await open(tenMinutes({ canary: 0.05, stable: 0.001 }))
  const found = await said()
  expect([found.status, found.verdict, found.reason]).toEqual([1, 'unhealthy', 'error-rate-above-margin'])
}, 60_000)

test('V5: Datadog that has nothing is never healthy, and the version that lacks is named', async () => {
  const world = tenMinutes({ canary: 0.001, stable: 0.001 })
  await open(Object.fromEntries(Object.entries(world).filter(([name]) => !name.includes('1.2.0'))))
  const found = await said()
  expect([found.status, found.verdict]).toEqual([1, 'inconclusive'])
  expect(found.text).toContain('errors: no data of version 1.2.0')
}, 60_000)

test('V5: Datadog that refuses or limits is down, with its reason', async () => {
  await open(tenMinutes({ canary: 0.001, stable: 0.001 }))
  window.server.answer = (_, response) => {
    response.setHeader('x-ratelimit-reset', '30')
    json(response, { errors: ['Too many requests'] }, 429)
  }
  const limited = await said()
  expect([limited.status, limited.verdict, limited.reason]).toEqual([1, 'inconclusive', 'metrics-down'])
  expect(limited.text).toContain('limits how often it may be asked (status 429)')
  // The history was refused; the window was not even asked for.
  expect(window.server.seen).toHaveLength(1)
}, 60_000)

test('23: a key that the job does not have is a fault of the configuration that names the variable', async () => {
  await open(tenMinutes({ canary: 0.001, stable: 0.001 }), { DD_API_KEY: 'key-a' })
  const found = await said()
  expect([found.status, found.reason]).toEqual([1, 'configuration-error'])
  expect(JSON.parse(found.outputs['result'] ?? '{}').message).toContain('DD_APP_KEY is not set in this job')
}, 60_000)

test('V1, C1: a walk whose looks are shorter than the slices of Datadog is proven step by step', async () => {
  window = await openWindow('Datadog', datadog, tenMinutes({ canary: 0.001, stable: 0.001 }), 3, keys)
  const { outputs, log, status } = await window.stage.run('canary-step', {}, keys)
  expect({
    log: status === 0 ? '' : log,
    decision: outputs['decision'],
    reason: outputs['reason-code'],
  }).toEqual({
    log: '',
    decision: 'done',
    reason: 'completed',
  })
  // Between two slices what was said holds: the metric did not vanish.
  expect(log).not.toMatch(/vanish|no data since/)
  expect(window.stage.service.moves.map(({ weight }) => weight)).toEqual([10, 50, 100])
  const again = await window.stage.run('verify-metrics', { token: '' }, keys)
  const { verdict, down, visits } = JSON.parse(again.outputs['evidence'] ?? '{}')
  expect([again.status, down, verdict]).toEqual([0, null, 'healthy'])
  expect(visits.map((visit: { weight: number }) => visit.weight)).toEqual([10, 50, 100])
}, 90_000)
