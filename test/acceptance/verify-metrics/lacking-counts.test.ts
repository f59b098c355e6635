import { afterEach, expect, test } from '@jest/globals'
import { openPrometheusServer, type World } from '../../contract/metrics/prometheus.ts'
import type { TestServer } from '../../contract/traffic/server.ts'
import { openStage, type Stage } from '../canary-step/stage.ts'

let stage: Stage
let server: TestServer
afterEach(async () => {
  await stage.close()
  await server.close()
})

const begin = 1_790_000_000
/** A counter of so many a second; `seed` keeps instances from counting at the same moment. */
const line =
  (perSecond: number, seed = 0) =>
  (at: number) =>
    Math.floor((at - begin + 4000) * perSecond + seed)

/** Nine stable and two new instances at 10 requests a second; one of two hundred fails on the stable version. */
const judge = async (errors: World[string]) => {
  const stable = Array.from({ length: 9 }, (_, pod) => [
    [`requests_total 1.1.0 s${pod}`, line(20)],
    [`errors_total 1.1.0 s${pod}`, line(0.1, pod / 9)],
  ])
  const canary = [0, 1].map((pod) => [
    [`requests_total 1.2.0 c${pod}`, line(10)],
    [`errors_total 1.2.0 c${pod}`, errors],
  ])
  server = await openPrometheusServer(Object.fromEntries([...stable, ...canary].flat()))
  stage = await openStage({
    policy: {
      metrics: {
        prometheus: { url: server.url, timeout: 5 },
        allow: [new URL(server.url).host],
        checks: [{ kind: 'ratio', name: 'errors', total: 'requests_total', events: 'errors_total' }],
      },
    },
    rollout: { steps: [{ weight: 10, margin: '1 %', min: 1, max: 900 }], look: 15, history: 1800, warmup: 0 },
  })
  const window = { deployment: '', since: String(begin), until: String(begin + 900), weight: '10' }
  const { status, outputs, summary } = await stage.run('verify-metrics', window)
  return { answer: [status, outputs['verdict']], summary }
}

test('V5: a new version whose errors are not counted, where 20 should have come, is not healthy', async () => {
  const { answer, summary } = await judge(() => undefined)
  expect(answer).toEqual([1, 'inconclusive'])
  expect(summary).toContain(
    'its events were never counted on the new version, where about 20 should have come',
  )
}, 60_000)

test('V5: a new version whose errors are NaN is not healthy; where they are counted, it is', async () => {
  const { answer, summary } = await judge(() => 'NaN')
  expect(answer).toEqual([1, 'inconclusive'])
  expect(summary).toContain('its counter of events is no number from 0 up')
  await stage.close()
  await server.close()
  expect((await judge(line(0.05))).answer).toEqual([0, 'healthy'])
}, 90_000)
