import { afterEach, describe, expect, test } from '@jest/globals'
import { tagValue } from '@relman/core/adapters/metrics/datadog/open-datadog'
import { openMetrics } from '@relman/core/adapters/metrics/open'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { json, openServer, type TestServer } from '../traffic/server.ts'
import { datadog, violations } from './vendors/datadog.ts'
import { recipe } from './vendors/recipe.ts'
import { env } from './vendors/vendor.ts'
import { line, type World } from './vendors/world.ts'

let server: TestServer
afterEach(async () => {
  await server.close()
  expect(violations.splice(0)).toEqual([])
})

const world: World = {
  'requests 1.2.0 c1': line(10),
  'errors 1.2.0 c1': line(1),
  'requests 1.1.0 s1': line(90),
  'errors 1.1.0 s1': line(2),
  ...Object.fromEntries(
    [
      ['1.2.0 c1', 10],
      ['1.1.0 s1', 90],
    ].flatMap(([who, rate]) =>
      [
        ['duration', 1],
        ['duration<=0.1', 0.5],
        ['duration<=0.3', 0.9],
        ['duration<=1', 1],
      ].map(([metric, share]) => [`${metric} ${who}`, line(Number(rate) * Number(share))]),
    ),
  ),
}
const open = async (more: Record<string, unknown> = {}, versions = {}) => {
  server = await openServer(datadog(world))
  const policy = { ...recipe('Datadog', server.url), ...more }
  return openMetrics({ policy, version: '1.2.0', previous: '1.1.0', env, ...versions })
}

describe('V1: Datadog', () => {
  test('every check of the documented example goes in one request, which fits the published description', async () => {
    const provider = await open()
    const { observations, down } = await provider.observe(6000, 6080, 10)
    expect(down).toBeNull()
    expect(server.seen).toHaveLength(1)
    expect(observations.find(({ metric }) => metric === 'errors')).toMatchObject({
      kind: 'ratio',
      from: 6000,
      to: 6020,
      canary: [{ instance: 'c1', total: 200, events: 20 }],
      stable: [{ instance: 's1', total: 1800, events: 40 }],
    })
  })

  test('latency: threshold queries of a distribution become a histogram', async () => {
    const { observations } = await (await open()).observe(6000, 6080, 10)
    expect(observations.find(({ metric }) => metric === 'latency')).toMatchObject({
      kind: 'latency',
      canary: [{ total: 200, buckets: { le: [0.1, 0.3, 1], counts: [100, 80, 20, 0] } }],
      stable: [{ total: 1800, buckets: { counts: [900, 720, 180, 0] } }],
    })
  })

  test('plain values are taken as they are', async () => {
    const query = 'avg:shop.memory{service:shop} by {version,pod_name}'
    world['memory 1.2.0 c1'] = () => 70
    world['memory 1.1.0 s1'] = () => 60.5
    const checks = metricsPolicy.parse({
      datadog: {},
      checks: [{ kind: 'value', name: 'memory', value: query }],
    }).checks
    const { observations } = await (await open({ checks })).observe(6000, 6080, 10)
    expect(observations[0]).toMatchObject({
      kind: 'value',
      canary: [{ instance: 'c1', value: 70 }],
      stable: [{ value: 60.5 }],
    })
  })

  test('tags are compared as Datadog writes them', () => {
    expect(tagValue('1.2.0-RC.1+Build 5')).toBe('1.2.0-rc.1_build_5')
    expect(tagValue('1.2.0')).toBe('1.2.0')
  })

  test('after 429 nothing is asked before the time that Datadog names, and nothing is lost', async () => {
    const provider = await open()
    const { answer } = server
    server.answer = (_, response) => {
      response.setHeader('x-ratelimit-reset', '1')
      json(response, { errors: ['Too many requests'] }, 429)
    }
    expect((await provider.observe(6000, 6080, 10)).down).toMatch(
      /limits how often .*429.*; the next request is made at 20/,
    )
    expect((await provider.observe(6000, 6080, 10)).down).toMatch(/asked not to be asked before/)
    expect(server.seen).toHaveLength(1)
    server.answer = answer
    await new Promise((done) => setTimeout(done, 1050))
    const look = await provider.observe(6000, 6100, 10)
    expect([look.down, look.observations.filter(({ metric }) => metric === 'errors').length]).toEqual([
      null,
      2,
    ])
  })

  test('V5: a reply with an error in it is down, whatever it holds besides', async () => {
    const provider = await open()
    server.answer = (_, response) =>
      json(response, {
        errors: 'query timed\nout',
        data: { type: 'timeseries_response', attributes: { series: [] } },
      })
    expect((await provider.observe(6000, 6080, 10)).down).toMatch(/reports an error: query timed out$/)
    server.answer = (_, response) =>
      json(response, { errors: ['Error parsing query: unable to parse x'] }, 400)
    expect((await provider.observe(6000, 6080, 10)).down).toMatch(/\(status 400\): Error parsing query/)
  })

  test.each<[string, object, RegExp]>([
    [
      'values that do not fit times',
      { series: [{ query_index: 0 }], times: [1], values: [[1, 2]] },
      /do not fit/,
    ],
    ['a query nobody asked', { series: [{ query_index: 99 }], times: [], values: [[]] }, /was not asked/],
    [
      'text as a value',
      { series: [{ query_index: 0 }], times: [1], values: [['1']] },
      /not the API of Datadog/,
    ],
    [
      'a million series',
      { series: Array(1_000_000).fill({}), times: [], values: [] },
      /1000000 series, more than 50000; narrow the query/,
    ],
  ])('69, 73: %s', async (_, attributes, sentence) => {
    const provider = await open()
    server.answer = (__, response) => json(response, { data: { type: 'timeseries_response', attributes } })
    const look = await provider.observe(6000, 6080, 10)
    expect(look).toMatchObject({ observations: [] })
    expect(look.down).toMatch(sentence)
  })

  test('73: slices of another length than was asked for are said', async () => {
    const provider = await open()
    server.answer = (_, response) =>
      json(response, {
        data: {
          type: 'timeseries_response',
          attributes: {
            series: [{ query_index: 0, group_tags: ['version:1.2.0', 'pod_name:c1'] }],
            times: [5_997_000],
            values: [[5]],
          },
        },
      })
    expect((await provider.observe(6000, 6080, 10)).notes?.join()).toContain('set metrics.datadog.interval')
  })

  test('the keys come from the named variables; one that is missing is named', async () => {
    const policy = recipe('Datadog', 'http://127.0.0.1:1')
    server = await openServer(datadog(world))
    const from = (own: Record<string, string>) => () =>
      openMetrics({ policy, version: '1.2.0', previous: '1.1.0', env: own })
    expect(from({ DD_API_KEY: 'a' })).toThrow(
      /metrics\.datadog\.secrets\.application: .*DD_APP_KEY is not set/,
    )
    expect(from({ DD_API_KEY: 'a\nb', DD_APP_KEY: 'b' })).toThrow(/DD_API_KEY holds a line break/)
  })
})

describe('23: what Datadog cannot prove is refused in the configuration, with the fix', () => {
  test.each([
    [{ kind: 'latency', histogram: 'p99:x{*}.as_count()' }, /quantiles without counts.*write edges, total/],
    [
      { kind: 'latency', histogram: 'count:x{*}.as_count()', edges: [1], total: 'count:x{*}.as_count()' },
      /must name \{\{le\}\}/,
    ],
    [{ kind: 'ratio', total: 'sum:x{*}', events: 'sum:y{*}.as_count()' }, /total: write \.as_count\(\)/],
    [{ kind: 'ratio', total: 'sum:x{*}.as_count()' }, /events is missing/],
    [{ kind: 'latency', histogram: 'a{{le}}', edges: [1, 0.5], total: 'x' }, /edges must ascend/],
  ])('%j', async (check, sentence) => {
    server = await openServer(datadog(world))
    const parsed = metricsPolicy.safeParse({ datadog: {}, checks: [{ name: 'one', ...check }] })
    expect(parsed.error?.issues.map(({ message }) => message).join()).toMatch(sentence)
  })
})
