import { describe, expect, test } from '@jest/globals'
import { openMetrics } from '@relman/core/adapters/metrics/open'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import type { RunProcess } from '@relman/core/ports/process'
import { observationSchema } from '@relman/core/verdict/observation'

/** GetMetricData's request and answer, as botocore's service-2.json of 2010-08-01 has them; checked in .ci/checks/42. */
type Query = {
  Id: string
  MetricStat?: { Metric: Metric; Period: number; Stat: string; Unit?: string }
  Expression?: string
}
type Metric = { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: string }[] }
type Request = { MetricDataQueries: Query[]; StartTime: string; EndTime: string; NextToken?: string }
type Result = {
  Id: string
  Label?: string
  Timestamps: unknown[]
  Values: unknown[]
  StatusCode: string
  Messages?: object[]
}
type Answer = { MetricDataResults: Result[]; NextToken?: string; Messages?: object[] }

const slice = 60
const dimension = ({ MetricStat }: Query) => MetricStat?.Metric.Dimensions[0]?.Value ?? ''

/** A program `aws` that answers as `answer` does. */
const aws = (answer: (request: Request) => Answer | string | { code: number; stderr: string }) => {
  const calls: { words: readonly string[]; request: Request; options: Parameters<RunProcess>[1] }[] = []
  const run: RunProcess = async (words, options) => {
    const request = JSON.parse(words.at(-1) ?? '') as Request
    calls.push({ words, request, options })
    const one = answer(request)
    if (typeof one === 'string') return { code: 0, stdout: one, stderr: '' }
    return 'code' in one ? { stdout: '', ...one } : { code: 0, stdout: JSON.stringify(one), stderr: '' }
  }
  return { run, calls }
}

/** A value a slice for each query, by its version, metric and statistic. */
const world =
  (value: (version: string, metric: string, stat: string, at: number) => unknown) =>
  ({ MetricDataQueries, StartTime, EndTime }: Request): Answer => ({
    MetricDataResults: MetricDataQueries.map((query) => {
      const points: [string, unknown][] = []
      for (let at = Date.parse(StartTime) / 1000; at < Date.parse(EndTime) / 1000; at += slice) {
        const one = value(
          dimension(query),
          query.MetricStat?.Metric.MetricName ?? '',
          query.MetricStat?.Stat ?? '',
          at,
        )
        if (one !== undefined) points.push([new Date(at * 1000).toISOString(), one])
      }
      return {
        Id: query.Id,
        Label: 'x',
        Timestamps: points.map(([at]) => at),
        Values: points.map(([, one]) => one),
        StatusCode: 'Complete',
      }
    }),
    Messages: [],
  })
const steady = world((version, metric) => (version === '1.2.0' ? 1 : 9) * (metric === 'Requests' ? 100 : 1))

const metric = (name: string, more = {}) =>
  JSON.stringify({ Namespace: 'Shop', MetricName: name, Dimensions: { Version: '{{version}}' }, ...more })
const ratio = { kind: 'ratio', name: 'errors', total: metric('Requests'), events: metric('Errors') }
const latency = {
  kind: 'latency',
  name: 'latency',
  edges: [0.1, 0.5],
  total: metric('Latency'),
  histogram: metric('Latency', { Stat: 'PR(:{{le}})' }),
}
const open = (run: RunProcess, checks: object[] = [ratio], more: object = {}, versions = {}) =>
  openMetrics({
    policy: metricsPolicy.parse({ cloudwatch: { region: 'eu-central-1', ...more }, checks }),
    version: '1.2.0',
    previous: '1.1.0',
    env: {},
    run,
    cwd: '/',
    ...versions,
  })

describe('V1: CloudWatch through aws', () => {
  test('is asked for whole slices of both versions, without a shell and without a pager', async () => {
    const { run, calls } = aws(steady)
    const look = await open(run).observe(6000, 6240, 10)
    expect([look.down, look.notes]).toEqual([null, []])
    expect(look.observations.map((one) => observationSchema.parse(one))).toMatchObject([
      {
        from: 6000,
        to: 6060,
        weight: 10,
        canary: [{ total: 100, events: 1 }],
        stable: [{ total: 900, events: 9 }],
      },
      { from: 6060, to: 6120 },
    ])
    const [call] = calls
    expect(call?.words.slice(0, 8)).toEqual(
      'aws cloudwatch get-metric-data --no-paginate --output json --region eu-central-1'.split(' '),
    )
    expect(call?.request).toMatchObject({
      StartTime: '1970-01-01T01:40:00.000Z',
      EndTime: '1970-01-01T01:42:00.000Z',
      MetricDataQueries: [
        {
          Id: 'q0',
          MetricStat: {
            Metric: {
              Namespace: 'Shop',
              MetricName: 'Requests',
              Dimensions: [{ Name: 'Version', Value: '1.2.0' }],
            },
            Period: 60,
            Stat: 'Sum',
          },
        },
        { Id: 'q1' },
        { Id: 'q2' },
        { Id: 'q3' },
      ],
    })
    expect(call?.options?.env).toMatchObject({ AWS_PAGER: '' })
    const seen = ['AWS_PROFILE', 'PATH', 'GITHUB_TOKEN', 'NPM_TOKEN'].map((name) =>
      call?.options?.inherits?.(name),
    )
    expect(seen).toEqual([true, true, false, false])
  })

  test('a look ends where the figures are complete; looks that follow lose nothing', async () => {
    const { run } = aws(steady)
    const provider = open(run)
    const ends = []
    for (const [from, to] of [
      [6000, 6100],
      [6100, 6200],
      [6200, 6290],
      [6290, 6301],
    ] as const)
      ends.push((await provider.observe(from, to, 10)).observations.map((one) => one.to))
    expect(ends.flat()).toEqual([6060, 6120, 6180])
  })

  test('latency comes from percentile ranks: distributions, in the unit of the metric', async () => {
    const shares: Record<string, number> = { 'PR(:100)': 90, 'PR(:500)': 99.5 }
    const { run } = aws(
      world((version, _, stat) =>
        stat === 'SampleCount' ? (version === '1.2.0' ? 200 : 1800) : shares[stat],
      ),
    )
    const check = { ...latency, histogram: metric('Latency', { Unit: 'Milliseconds', Stat: 'PR(:{{le}})' }) }
    const look = await open(run, [check]).observe(6000, 6180, 10)
    expect([look.down, look.notes]).toEqual([null, []])
    expect(look.observations[0]).toMatchObject({
      kind: 'latency',
      canary: [{ total: 200, buckets: { le: [0.1, 0.5], counts: [180, 19, 1] } }],
      stable: [{ total: 1800, buckets: { counts: [1620, 171, 9] } }],
    })
  })

  test('an expression that finds instances gives one sample each', async () => {
    const expression = JSON.stringify({
      Expression: `SEARCH('{Shop,Instance,Version} MetricName="Requests" Version="{{version}}"', 'Sum', {{period}})`,
    })
    const { run, calls } = aws(({ MetricDataQueries }) => ({
      MetricDataResults: MetricDataQueries.flatMap(({ Id, Expression }) =>
        ['i-1', 'i-2'].map((Label) => ({
          Id,
          Label: `${Label}${Expression?.includes('1.2.0') ? 'c' : 's'}`,
          Timestamps: ['1970-01-01T01:40:00+00:00'],
          Values: [Label === 'i-1' ? 10 : 20],
          StatusCode: 'Complete',
        })),
      ),
    }))
    const { observations } = await open(run, [{ ...ratio, total: expression, events: expression }]).observe(
      6000,
      6180,
      10,
    )
    expect(observations[0]?.canary).toMatchObject([
      { instance: 'i-1c', total: 10 },
      { instance: 'i-2c', total: 20 },
    ])
    expect(calls[0]?.request.MetricDataQueries[0]?.Expression).toContain(`Version="1.2.0"', 'Sum', 60)`)
  })

  test('one query for each version, where a dimension does not name it', async () => {
    const group = (name: string) => ({
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'RequestCount',
      Dimensions: { TargetGroup: name },
    })
    const both = JSON.stringify({ canary: group('tg/new'), stable: group('tg/old') })
    const { run, calls } = aws(world(() => 7))
    await open(run, [{ ...ratio, total: both, events: both }]).observe(6000, 6180, 10)
    expect(calls[0]?.request.MetricDataQueries.map(dimension)).toEqual([
      'tg/new',
      'tg/old',
      'tg/new',
      'tg/old',
    ])
  })

  test('a metric that is only reported where it is not 0 is 0 where requests were counted, if the query says so', async () => {
    const quiet = world((_, name) => (name === 'Requests' ? 100 : undefined))
    const never = await open(aws(quiet).run).observe(6000, 6180, 10)
    expect(never.observations[0]?.canary).toEqual([])
    expect(never.notes?.join()).toMatch(/events were never counted/)
    const zero = { ...ratio, events: metric('Errors', { absent: 0 }) }
    const { observations } = await open(aws(quiet).run, [zero]).observe(6000, 6180, 10)
    expect(observations[0]?.canary).toMatchObject([{ total: 100, events: 0 }])
  })

  test('V5: what such a query declares 0 is no count: once about 20 should have come, the version has no data', async () => {
    const wrong = world((version, name) => (name === 'Requests' ? 100 : version === '1.1.0' ? 5 : undefined))
    const zero = { ...ratio, events: metric('Errors', { absent: 0 }) }
    const { observations, notes } = await open(aws(wrong).run, [zero]).observe(6000, 6540, 10)
    // Five of a hundred on the stable version: 20 lack after 400 requests.
    expect(observations.map(({ canary, stable }) => [canary.length, stable.length])).toEqual([
      ...Array(4).fill([1, 1]),
      ...Array(observations.length - 4).fill([0, 1]),
    ])
    expect(observations.length).toBeGreaterThan(4)
    expect(notes?.join()).toContain('errors: its events were never counted on the new version')
  })

  test('V5: a value that is no count is never taken for a declared 0', async () => {
    const value = 'many' as unknown as number
    const odd = world((version, name) => (version === '1.2.0' && name === 'Errors' ? value : 5))
    const zero = { ...ratio, events: metric('Errors', { absent: 0 }) }
    const { observations } = await open(aws(odd).run, [zero]).observe(6000, 6180, 10)
    expect(observations[0]?.canary).toEqual([{ instance: 'canary', age: 60, total: 5 }])
  })

  test('62: pages are read to the end, each series put together again', async () => {
    const { run, calls } = aws((request) => {
      const { MetricDataResults } = steady(request)
      const half = (one: Result, page: number): Result => ({
        ...one,
        Timestamps: one.Timestamps.filter((_, at) => at % 2 === page),
        Values: one.Values.filter((_, at) => at % 2 === page),
        StatusCode: page === 0 ? 'PartialData' : 'Complete',
      })
      return request.NextToken === 'more'
        ? { MetricDataResults: MetricDataResults.map((one) => half(one, 1)) }
        : { MetricDataResults: MetricDataResults.map((one) => half(one, 0)), NextToken: 'more' }
    })
    const { observations, down } = await open(run).observe(6000, 6360, 10)
    expect([down, calls.length, observations.length]).toEqual([null, 2, 4])
    expect(observations.every(({ canary }) => canary[0]?.total === 100)).toBe(true)
  })

  test('a range is the same slices, up to what is complete', async () => {
    const { run } = aws(steady)
    const { observations } = await open(run).range(6010, 6330, 15, 50)
    expect(observations.map(({ from, to, weight }) => [from, to, weight])).toEqual([
      [6060, 6120, 50],
      [6120, 6180, 50],
      [6180, 6240, 50],
      [6240, 6300, 50],
    ])
  })

  test('slices of seconds are kept for three hours only, which is said', async () => {
    const { run } = aws(steady)
    const { notes } = await open(run, [ratio], { interval: '10s', delay: '20s' }).range(6000, 6060, 10, 0)
    expect(notes?.join()).toMatch(/for 3 hours/)
  })

  test('before the first release nothing stable is asked for', async () => {
    const { run, calls } = aws(steady)
    await open(run, [ratio], {}, { previous: null }).observe(6000, 6180, 10)
    expect(calls[0]?.request.MetricDataQueries).toHaveLength(2)
  })
})

describe('V5: CloudWatch that does not answer as it should is down, in one sentence', () => {
  const status =
    (StatusCode: string, more: Partial<Answer> = {}) =>
    (request: Request): Answer => ({
      MetricDataResults: steady(request).MetricDataResults.map((one) => ({ ...one, StatusCode })),
      ...more,
    })
  test.each<[string, Parameters<typeof aws>[0], RegExp]>([
    [
      'no right',
      () => ({
        code: 254,
        stderr: '\nAn error occurred (AccessDenied) when calling the GetMetricData operation: User: x\n',
      }),
      /^aws: An error occurred \(AccessDenied\)/,
    ],
    [
      'no credentials',
      () => ({ code: 255, stderr: 'Unable to locate credentials.' }),
      /^aws: Unable to locate credentials/,
    ],
    ['silence', () => ({ code: 1, stderr: '' }), /^aws: status 1$/],
    ['text', () => 'usage: aws', /not an answer of get-metric-data/],
    ['half an answer', () => '{"MetricDataResults": [', /not an answer of get-metric-data/],
    ['a part of the data', status('PartialData'), /only a part of total of errors \(PartialData\)/],
    ['an error within', status('InternalError'), /\(InternalError\)/],
    ['forbidden', status('Forbidden'), /the role needs cloudwatch:GetMetricData/],
    ['pages without end', status('Complete', { NextToken: 'again' }), /more than 50 pages/],
  ])('%s', async (_, answer, down) => {
    const look = await open(aws(answer).run).observe(6000, 6180, 10)
    expect(look.observations).toEqual([])
    expect(look.down).toMatch(down)
    expect(look.down).not.toContain('\n')
  })

  test('72: an aws that hangs is given up when its time is up; an abort is thrown', async () => {
    const run: RunProcess = (_, options) =>
      new Promise((_done, reject) =>
        options?.signal?.addEventListener('abort', () => reject(options.signal?.reason)),
      )
    const provider = open(run, [ratio], { timeout: '1s' })
    expect((await provider.observe(6000, 6180, 10)).down).toMatch(/aws did not finish within 1 s/)
    await expect(provider.observe(6000, 6180, 10, AbortSignal.timeout(50))).rejects.toThrow(/timeout/)
  })

  test('no aws on the runner', async () => {
    const { run: _, ...settings } = {
      policy: metricsPolicy.parse({ cloudwatch: {}, checks: [ratio] }),
      version: '1.2.0',
      previous: '1.1.0',
      env: {},
      run: 0,
    }
    const path = process.env['PATH']
    process.env['PATH'] = '/nowhere'
    try {
      expect((await openMetrics({ ...settings, cwd: '/' }).observe(6000, 6180, 10)).down).toMatch(
        /"aws" cannot be run/,
      )
    } finally {
      process.env['PATH'] = path
    }
  })

  test.each<[string, unknown]>([
    ['a string', '12'],
    ['null', null],
    ['a negative count', -1],
  ])('71: %s in place of a count is left out and said', async (_, value) => {
    const { run } = aws(world((version, name) => (version === '1.2.0' && name === 'Requests' ? value : 5)))
    const { observations, notes, down } = await open(run).observe(6000, 6180, 10)
    // Requests without events, which the judge leaves out as bad data.
    expect([down, observations[0]?.canary, observations[0]?.stable.length]).toEqual([
      null,
      [{ instance: 'canary', age: 60, total: 0 }],
      1,
    ])
    expect(notes?.join()).toMatch(/is no count/)
  })

  test('a version that has no metrics is named', async () => {
    const { run } = aws(world((version) => (version === '1.1.0' ? 5 : undefined)))
    const { observations, notes } = await open(run).observe(6000, 6180, 10)
    expect(observations[0]?.canary).toEqual([])
    expect(notes?.join()).toMatch(/no data of version 1\.2\.0/)
  })
})

describe('23: queries that cannot be meant are refused with the fix', () => {
  test.each<[string, string, RegExp]>([
    ['no JSON', 'AWS/ELB RequestCount', /"errors": total: must be JSON, like/],
    ['an unknown key', metric('Requests', { Statistic: 'Sum' }), /knows Namespace, MetricName/],
    [
      'both versions alike',
      JSON.stringify({ Namespace: 'Shop', MetricName: 'Requests' }),
      /does not tell the versions apart/,
    ],
  ])('%s', async (_, total, message) => {
    const { run, calls } = aws(steady)
    const look = await open(run, [{ ...ratio, total }]).observe(6000, 6180, 10)
    expect(look.down).toMatch(message)
    expect(calls).toEqual([])
  })

  test('a hostile version stays a value of a dimension and never enters an expression', async () => {
    const version = `1.0.0"},{"x`
    const { run, calls } = aws(steady)
    await open(run, [ratio], {}, { version }).observe(6000, 6180, 10)
    expect(calls[0]?.request.MetricDataQueries.map(dimension)).toContain(version)
    const total = JSON.stringify({ Expression: `SEARCH('Version="{{version}}"', 'Sum', 60)` })
    const look = await open(run, [{ ...ratio, total }], {}, { version }).observe(6000, 6180, 10)
    expect(look.down).toMatch(/cannot stand in an expression/)
  })
})
