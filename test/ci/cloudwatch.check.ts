import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { openMetrics } from '@relman/core/adapters/metrics/open'
import { runProcess } from '@relman/core/adapters/process/run-process'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { openStage } from '../acceptance/canary-step/stage.ts'
import { type Datum, openMoto, shapeOf } from './moto.ts'
import { workbench } from './product.ts'

jest.setTimeout(90_000)

const folder = process.env['RELMAN_AWS'] ?? ''
const slice = 60
/** Whole slices, long complete. */
const end = Math.floor(Date.now() / 1000 / slice) * slice - 3 * slice
const slices = 20
const start = end - slices * slice
const versions = { canary: '1.2.0', stable: '1.1.0' }

let moto: Awaited<ReturnType<typeof openMoto>>
const bench = workbench()

/** What each version did in slice `at`; errors of the canary from `badFrom` on. */
const requests = { canary: 400, stable: 600 }
const errors = (service: string, arm: keyof typeof requests) =>
  service === 'Bad' && arm === 'canary' ? 60 : Math.round(requests[arm] / 100)
const slow = { canary: 20, stable: 30 }

// moto looks at the dimensions alone, not at the namespace.
const datum = (
  service: string,
  name: string,
  version: string,
  at: number,
  counts: Record<string, number>,
): Datum => ({
  MetricName: name,
  Dimensions: [
    { Name: 'Service', Value: service },
    { Name: 'Version', Value: version },
  ],
  Timestamp: new Date((start + at * slice + 5) * 1000).toISOString(),
  Values: Object.keys(counts).map(Number),
  Counts: Object.values(counts),
})

beforeAll(async () => {
  moto = await openMoto(folder)
  for (const service of ['Good', 'Bad']) {
    const data = Array.from({ length: slices }, (_, at) =>
      (['canary', 'stable'] as const).flatMap((arm) => [
        datum(service, 'Requests', versions[arm], at, { [requests[arm]]: 1 }),
        datum(service, 'Errors', versions[arm], at, { [errors(service, arm)]: 1 }),
        datum(service, 'Latency', versions[arm], at, { 0.05: 10 * slow[arm], 0.4: slow[arm], 2: 1 }),
      ]),
    ).flat()
    const file = join(bench.folder, `${service}.json`)
    writeFileSync(file, JSON.stringify(data))
    moto.aws('cloudwatch', 'put-metric-data', '--namespace', service, '--metric-data', `file://${file}`)
  }
})
afterAll(async () => {
  await moto?.close()
  bench.close()
})

const query = (namespace: string, name: string, more = {}) =>
  JSON.stringify({
    Namespace: namespace,
    MetricName: name,
    Dimensions: { Service: namespace, Version: '{{version}}' },
    ...more,
  })
const policy = (namespace: string, more = {}) => ({
  cloudwatch: { region: 'eu-central-1', interval: slice, delay: slice, ...more },
  checks: [
    {
      kind: 'ratio',
      name: 'errors',
      // One series a version shows no spread between instances, so the limit that counts is the absolute one.
      ceiling: '5 %',
      total: query(namespace, 'Requests'),
      events: query(namespace, 'Errors'),
    },
    {
      kind: 'latency',
      name: 'latency',
      edges: [0.1, 1],
      total: query(namespace, 'Latency', { Stat: 'SampleCount' }),
      histogram: query(namespace, 'Latency', { Stat: 'PR(:{{le}})' }),
    },
  ],
})

/** The adapter as an action opens it; its `aws` finds moto by the environment, as any program of the job would. */
const provider = (namespace: string, more = {}, env = moto.env) =>
  openMetrics({
    policy: metricsPolicy.parse(policy(namespace, more)),
    version: versions.canary,
    previous: versions.stable,
    env: {},
    cwd: bench.folder,
    run: (words, options) => runProcess(words, { ...options, env: { ...options?.env, ...env } }),
  })

test('V1: what is asked and what is read are of the published model of the service', () => {
  const input = shapeOf(folder, 'GetMetricDataInput')
  for (const key of ['MetricDataQueries', 'StartTime', 'EndTime', 'ScanBy', 'MaxDatapoints', 'NextToken'])
    expect(input).toContain(key)
  expect(shapeOf(folder, 'MetricDataQuery')).toEqual(
    expect.arrayContaining(['Id', 'MetricStat', 'Expression', 'Label', 'Period', 'AccountId']),
  )
  expect(shapeOf(folder, 'MetricStat')).toEqual(['Metric', 'Period', 'Stat', 'Unit'])
  expect(shapeOf(folder, 'Metric')).toEqual(['Namespace', 'MetricName', 'Dimensions'])
  expect(shapeOf(folder, 'GetMetricDataOutput')).toEqual(['MetricDataResults', 'NextToken', 'Messages'])
  expect(shapeOf(folder, 'MetricDataResult')).toEqual(
    expect.arrayContaining(['Id', 'Label', 'Timestamps', 'Values', 'StatusCode', 'Messages']),
  )
  expect(shapeOf(folder, 'StatusCode')).toEqual(['Complete', 'InternalError', 'PartialData', 'Forbidden'])
  expect(shapeOf(folder, 'MessageData')).toEqual(['Code', 'Value'])
})

test('V1: the real aws brings exactly the counts that were put there', async () => {
  const { observations, down, notes } = await provider('Good').range(start, end, slice, 40)
  expect([down, notes]).toEqual([null, []])
  const of = (metric: string) => observations.filter((one) => one.metric === metric)
  expect(of('errors')).toHaveLength(slices)
  for (const { canary, stable } of of('errors')) {
    expect(canary).toMatchObject([{ total: 400, events: 4 }])
    expect(stable).toMatchObject([{ total: 600, events: 6 }])
  }
  expect(of('latency')).toHaveLength(slices)
  for (const { canary, stable } of of('latency')) {
    expect(canary).toMatchObject([{ total: 221, buckets: { le: [0.1, 1], counts: [200, 20, 1] } }])
    expect(stable).toMatchObject([{ total: 331, buckets: { le: [0.1, 1], counts: [300, 30, 1] } }])
  }
})

test('V5: CloudWatch without such metrics has no data; one that is gone, or refuses the query, is down', async () => {
  const empty = await provider('Nothing').range(start, end, slice, 40)
  expect(empty.down).toBeNull()
  expect(empty.observations.flatMap(({ canary, stable }) => [...canary, ...stable])).toEqual([])
  expect(empty.notes?.join('\n')).toMatch(/errors: no data of version 1\.2\.0 and 1\.1\.0/)
  const gone = { ...moto.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' }
  expect((await provider('Good', {}, gone).range(start, end, slice, 40)).down).toMatch(
    /^aws: .*127\.0\.0\.1:9/,
  )
  const nobody = { ...moto.env, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }
  expect((await provider('Good', {}, nobody).range(start, end, slice, 40)).down).toMatch(
    /^aws: .*credentials/i,
  )
})

test('V1, V5: verify-metrics through CloudWatch says healthy, unhealthy, and not known when it is down', async () => {
  const window = {
    deployment: '',
    since: String(start + 8 * slice),
    until: String(end),
    weight: '40',
  }
  const verdicts = []
  for (const [namespace, env] of [
    ['Good', {}],
    ['Bad', {}],
    ['Good', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' }],
  ] as const) {
    const stage = await openStage({
      policy: {
        // Two edges, a factor of ten apart and far from p99, cannot show a fifth there.
        metrics: { ...policy(namespace), criteria: ['p95 < 2 × baseline'] },
      },
      rollout: { steps: [{ weight: 40, margin: '3 %', min: 1, max: 1800 }], look: slice, history: 7 * slice },
    })
    try {
      const { status, outputs, log } = await stage.run('verify-metrics', window, { ...moto.env, ...env })
      verdicts.push([status, outputs['verdict'], outputs['reason-code'], outputs['verdict'] ? '' : log])
    } finally {
      await stage.close()
    }
  }
  expect(verdicts).toEqual([
    [0, 'healthy', 'proven', ''],
    [1, 'unhealthy', 'ceiling-exceeded', ''],
    [1, 'inconclusive', 'metrics-down', ''],
  ])
})
