import { expect, test } from '@jest/globals'
import { openCounters } from '../../../rehearsal/service/counters.ts'
import { parseExposition } from '../../../rehearsal/service/prometheus/exposition.ts'
import { openTruth } from '../../../rehearsal/service/truth.ts'

const row = { status: 200, latency: 10, order: false, dependencyFailed: false, faulty: false }

test('the truth of a window: totals, share, first fault, last answer of the canary', () => {
  let now = 900
  const truth = openTruth('1.1.0', () => now)
  truth.event('deploy', '1.2.0')
  for (let at = 1000; at < 3000; at += 10) {
    const version = at % 100 === 0 ? '1.2.0' : '1.1.0'
    const faulty = at === 2500 || at === 2700
    truth.add({ ...row, at, version, faulty, status: faulty ? 500 : 200, order: at % 20 === 0 })
  }
  now = 3000
  expect(truth.report({})).toEqual({
    from: 0,
    to: 3000,
    requests: { total: 200, failed: 2 },
    versions: {
      '1.1.0': { requests: 180, failed: 0, orders: 80, dependencyFailures: 0 },
      '1.2.0': { requests: 20, failed: 2, orders: 20, dependencyFailures: 0 },
    },
    observed: 10,
    firstFault: 2500,
    lastCanary: 2900,
    events: [{ at: 900, event: 'deploy', detail: '1.2.0' }],
  })
  expect(truth.report({ from: 1000, to: 1100 })).toMatchObject({
    requests: { total: 10, failed: 0 },
    firstFault: null,
    lastCanary: 1000,
    events: [],
  })
  expect(truth.report({ from: 5000 })).toMatchObject({ observed: null, lastCanary: null })
})

test('the death of the canary and the loss of its series are faults, the end of the stable version is none', () => {
  let now = 5
  const truth = openTruth('1.1.0', () => now)
  truth.event('exit', '1.1.0 1')
  expect(truth.report({}).firstFault).toBe(null)
  now = 7
  truth.event('hidden', '1.2.0')
  now = 9
  truth.event('exit', '1.2.0 1')
  expect(truth.report({}).firstFault).toBe(7)
})

test('the series by second have nearest-rank quantiles, and many rows are kept', () => {
  const truth = openTruth('1.1.0', () => 0)
  for (let request = 0; request < 40_000; request++) {
    truth.add({ ...row, at: 10_000 + request / 20, version: '1.1.0', latency: 1 + (request % 100) })
  }
  const { series } = truth.report({ series: true })
  const second = { version: '1.1.0', requests: 20_000, errors: 0, p50: 50, p95: 95, p99: 99 }
  expect(series).toEqual([
    { second: 10, ...second },
    { second: 11, ...second },
  ])
})

test('a clock that is set back keeps the rows in order', () => {
  const truth = openTruth('1.1.0', () => 0)
  for (const at of [1000, 2000, 1500, 3000]) truth.add({ ...row, at, version: '1.1.0' })
  expect(truth.report({ from: 2000, to: 3000 }).requests.total).toBe(2)
})

test('the counters begin at zero, are cumulative in le, and escape their labels', () => {
  const counters = openCounters()
  const hostile = '1.2.0"\\\n'
  counters.begin(hostile, ['canary-1'])
  const served = { version: hostile, instance: 'canary-1', order: true, dependencyFailed: true }
  const read = () =>
    Object.fromEntries(
      parseExposition(counters.write()).map(({ labels, value }) => {
        expect(labels.version).toBe(hostile)
        return [`${labels.__name__} ${labels.le ?? labels.code ?? ''}`.trim(), value]
      }),
    )
  expect(new Set(Object.values(read()))).toEqual(new Set([0]))
  counters.count({ ...served, status: 200, latency: 250 })
  counters.count({ ...served, status: 500, latency: 250.1 })
  counters.count({ ...served, status: 503, latency: 9000 })
  expect(read()).toMatchObject({
    'http_requests_total 200': 1,
    'http_requests_total 500': 1,
    'http_requests_total 502': 0,
    'http_requests_total 503': 1,
    'http_request_duration_seconds_bucket 0.1': 0,
    'http_request_duration_seconds_bucket 0.25': 1,
    'http_request_duration_seconds_bucket 0.5': 2,
    'http_request_duration_seconds_bucket 2.5': 2,
    'http_request_duration_seconds_bucket +Inf': 3,
    http_request_duration_seconds_count: 3,
    orders_total: 3,
    dependency_failures_total: 3,
  })
  expect(counters.write(new Set([hostile]))).not.toContain('canary-1')
})
