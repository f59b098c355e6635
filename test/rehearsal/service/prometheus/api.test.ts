import { expect, test } from '@jest/globals'
import { answerApi } from '../../../../rehearsal/service/prometheus/api.ts'
import { parseExposition } from '../../../../rehearsal/service/prometheus/exposition.ts'
import { formatValue } from '../../../../rehearsal/service/prometheus/format-value.ts'
import { openSeriesStore } from '../../../../rehearsal/service/prometheus/series-store.ts'

const store = openSeriesStore()
for (let second = 0; second < 10; second++) {
  for (const instance of ['a', 'b']) {
    store.append({ __name__: 'seen_total', version: '1', instance }, second * 1000, second * 10)
  }
}
store.append({ __name__: 'seen_total', version: '1', instance: 'b' }, 10_000, null)

function ask(path: string, parameters: Record<string, string> = {}, method = 'GET', form = false) {
  const query = new URLSearchParams(parameters)
  const empty = new URLSearchParams()
  return answerApi(store, () => 9500, {
    method,
    path,
    query: form ? empty : query,
    body: form ? String(query) : '',
  })
}

test('query by GET and by form POST, now by default', () => {
  const expected = {
    status: 200,
    body: {
      status: 'success',
      data: { resultType: 'vector', result: [{ metric: { version: '1' }, value: [9.5, '180'] }] },
    },
  }
  const query = 'sum by (version) (seen_total{instance=~"a|b"})'
  expect(ask('/api/v1/query', { query })).toEqual(expected)
  expect(ask('/api/v1/query', { query }, 'POST', true)).toEqual(expected)
})

test('query_range keeps each moment to its own value, and a stale series is gone', () => {
  const { body } = ask('/api/v1/query_range', {
    query: 'seen_total{instance="b"}',
    start: '7',
    end: '12',
    step: '1',
  })
  expect(body).toEqual({
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [
        {
          metric: { __name__: 'seen_total', version: '1', instance: 'b' },
          values: [
            [7, '70'],
            [8, '80'],
            [9, '90'],
          ],
        },
      ],
    },
  })
})

test.each([
  ['avg(seen_total)', 'invalid parameter "query": 1:1: parse error: unknown function with name "avg"'],
  ['seen_total / 2', 'invalid parameter "query": 1:12: parse error: unexpected character: "/"'],
  ['histogram_quantile(0.9, seen_total)', 'invalid parameter "query": 1:1: parse error: unknown function'],
  ['', 'invalid parameter "query": unknown position: parse error: no expression found in input'],
])('%s is bad_data in the shape of Prometheus', (query, start) => {
  const { status, body } = ask('/api/v1/query', { query })
  expect([status, body]).toMatchObject([400, { status: 'error', errorType: 'bad_data' }])
  expect((body as { error: string }).error.startsWith(start)).toBe(true)
})

test('a vector times a vector is right in PromQL but not here: execution', () => {
  const { status, body } = ask('/api/v1/query', { query: 'seen_total * seen_total' })
  expect([status, body]).toMatchObject([422, { status: 'error', errorType: 'execution' }])
})

test('ready, healthy, buildinfo, and what is not there', () => {
  expect(ask('/-/ready')).toEqual({ status: 200, body: 'Prometheus Server is Ready.\n' })
  expect(ask('/-/healthy').status).toBe(200)
  expect(ask('/api/v1/status/buildinfo').body).toMatchObject({
    status: 'success',
    data: { version: '2.42.0' },
  })
  expect(ask('/api/v1/admin/tsdb/snapshot').status).toBe(404)
  expect(ask('/api/v1/query', {}, 'DELETE').status).toBe(405)
})

test.each([
  [0, '0'],
  [-0, '-0'],
  [1.5, '1.5'],
  [1e21, '1000000000000000000000'],
  [-1.25e22, '-12500000000000000000000'],
  [1e-7, '0.0000001'],
  [1.5e-9, '0.0000000015'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NaN, 'NaN'],
])('%d is written %s', (value, text) => {
  expect(formatValue(value)).toBe(text)
})

test.each(['a{b="c" 1', 'a', 'a one', '1a 1', 'a{b=c} 1', 'a 1 1700000000000'])(
  'the line %s is refused',
  (line) => {
    expect(() => parseExposition(`ok 1\n${line}\n`)).toThrow(`no sample: ${line}`)
  },
)

test('a store that is full drops the oldest half', () => {
  const small = openSeriesStore(10)
  for (let time = 0; time < 25; time++) small.append({ __name__: 'x' }, time, time)
  const [series] = small.select([{ label: '__name__', matches: (name) => name === 'x' }])
  expect(series?.times.length).toBeLessThanOrEqual(10)
  expect(series?.times.at(-1)).toBe(24)
})
