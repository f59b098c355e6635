import { afterEach, expect, test } from '@jest/globals'
import { type Answer, json, openServer, type TestServer } from '../../contract/traffic/server.ts'
import { openStage, type Stage } from '../canary-step/stage.ts'

let stage: Stage
let server: TestServer
afterEach(async () => {
  await stage.close()
  await server.close()
})

const begin = 1_790_000_000
/** Running totals of a histogram at `at`: 20 requests a second, of which `slow` a thousand take about a second. */
const histogram = (at: number, slow: number) => {
  const total = Math.floor((at - begin + 5000) * 20)
  const late = Math.floor((total * slow) / 1000)
  const some = Math.floor(total / 10)
  return {
    count: String(total),
    sum: '1',
    buckets: [
      [0, '0.0625', '0.08838834764831845', String(total - some - late)],
      [0, '0.125', '0.1767766952966369', String(some)],
      [0, '0.7071067811865475', '1', String(late)],
    ],
  }
}
/** Native histograms only, at times that are cut to milliseconds as Prometheus cuts them. */
const serve =
  (slow: number): Answer =>
  (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const number = (name: string) => Number(searchParams.get(name))
    const single = pathname.endsWith('/query')
    const step = Math.trunc(Math.trunc(number('step') * 1e9) / 1e6)
    const times = single ? [number('time')] : []
    for (
      let at = Math.round(number('start') * 1000);
      step > 0 && at <= number('end') * 1000 + 0.5;
      at += step
    )
      times.push(at / 1000)
    const series = (version: string, instance: string, share: number) => ({
      metric: { version, instance },
      ...(single
        ? { histogram: [times[0], histogram(times[0] ?? 0, share)] }
        : { histograms: times.map((at) => [at, histogram(at, share)]) }),
    })
    const result = searchParams.get('query')?.includes('_bucket')
      ? []
      : [
          series('1.2.0', 'new-1', slow),
          series('1.2.0', 'new-2', slow),
          ...[1, 2, 3, 4, 5, 6].map((pod) => series('1.1.0', `old-${pod}`, 5)),
        ]
    json(response, { status: 'success', data: { resultType: single ? 'vector' : 'matrix', result } })
  }

const judge = async (slow: number) => {
  server = await openServer(serve(slow))
  stage = await openStage({
    policy: {
      metrics: {
        prometheus: { url: server.url, timeout: 2 },
        allow: [new URL(server.url).host],
        checks: [{ kind: 'latency', name: 'latency', histogram: 'checkout_seconds' }],
      },
    },
    rollout: { steps: [{ weight: 25, margin: '3 %', min: 1, max: 60 }], look: 10, history: 600, warmup: 0 },
  })
  // A length that no look divides: the steps of the range are no whole seconds.
  const window = { deployment: '', since: String(begin + 0.123), until: String(begin + 400.83), weight: '25' }
  const { status, outputs } = await stage.run('verify-metrics', window)
  return [status, outputs['verdict'], outputs['reason-code']]
}

test('V1, V2: latency of native histograms is proven as good as that of the stable version', async () => {
  expect(await judge(5)).toEqual([0, 'healthy', 'proven'])
}, 60_000)

test('V1, V2: a slower tail in native histograms is seen', async () => {
  expect(await judge(60)).toEqual([1, 'unhealthy', 'latency-above-margin'])
}, 60_000)
