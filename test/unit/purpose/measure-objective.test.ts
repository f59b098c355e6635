import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { readWanted } from '@relman/core/config/wanted'
import { measureObjectives } from '@relman/core/purpose/measure-objective'
import { recordedObjectives } from '@relman/core/purpose/objective-result'
import { showObjectives } from '@relman/core/purpose/show-objectives'
import type { Observation, Sample } from '@relman/core/verdict/observation'

const { metrics } = config.parse({
  metrics: {
    prometheus: { url: 'http://127.0.0.1:9' },
    checks: [
      { kind: 'ratio', name: 'errors', total: 't', events: 'e' },
      { kind: 'rate', name: 'orders', total: 't', events: 'o' },
      { kind: 'latency', name: 'latency', histogram: 'h' },
      { kind: 'value', name: 'memory', value: 'm' },
    ],
  },
})

const seen = (metric: string, kind: Observation['kind'], ...canary: Partial<Sample>[]) => ({
  observations: [
    {
      schema: 1 as const,
      metric,
      kind,
      from: 0,
      to: 600,
      weight: 100,
      canary: canary.map((sample, index) => ({ instance: String(index), total: 0, ...sample })),
      stable: [{ instance: 'old', total: 1_000_000, events: 1_000_000, value: 9e9 }],
    },
  ],
  missing: null,
  from: 0,
  to: 600,
})
const outcome = (
  metric: string | undefined,
  want: string | undefined,
  data: Parameters<typeof measureObjectives>[2],
) => measureObjectives([{ text: 'better', metric, want }], metrics?.checks ?? [], data)[0]

const ratio = (total: number, events: number) => seen('errors', 'ratio', { total, events })
const buckets = { le: [0.1, 0.2, 0.4], counts: [900, 90, 10, 0] }

test.each([
  ['far below its limit', 'errors', '< 1 %', ratio(10_000, 10), 'met', '0.1 %'],
  ['far above it', 'errors', '< 1 %', ratio(10_000, 400), 'missed', '4 %'],
  ['within what chance may do', 'errors', '< 1 %', ratio(1_000, 9), 'inconclusive', '0.9 %'],
  ['no event, but few requests', 'errors', '< 1 %', ratio(50, 0), 'inconclusive', '0 %'],
  ['a rate above', 'orders', '> 5 %', seen('orders', 'rate', { total: 10_000, events: 900 }), 'met', '9 %'],
  [
    'a quantile below',
    'latency',
    'p95 < 250 ms',
    seen('latency', 'latency', { total: 1_000, buckets }),
    'met',
    'p95 156 ms',
  ],
  [
    'p99 where no quantile is named',
    'latency',
    '< 0.1 s',
    seen('latency', 'latency', { total: 1_000, buckets }),
    'missed',
    'p99 200 ms',
  ],
  [
    'a value of several instances',
    'memory',
    '< 10',
    seen('memory', 'value', { value: 4 }, { value: 8 }),
    'met',
    '6 on average',
  ],
  ['nothing wanted', 'errors', undefined, ratio(1_000, 1), 'observed', '0.1 %'],
])('P21: %s', (_, metric, want, data, expected, observed) => {
  expect(outcome(metric, want, data)).toMatchObject({ outcome: expected, observed, wanted: want ?? null })
})

test.each([
  ['nothing measures it', undefined, '< 1 %', ratio(9, 0), /nothing measures it/],
  ['a figure of the review', 'tickets', '< 9', ratio(9, 0), /tickets is not in metrics.checks: look it up/],
  [
    'the provider is down',
    'errors',
    '< 1 %',
    { ...ratio(9, 0), observations: [], missing: 'HTTP 503' },
    /^HTTP 503$/,
  ],
  ['no request', 'errors', '< 1 %', ratio(0, 0), /errors has no data of this version/],
  ['the old version only', 'errors', '< 1 %', seen('errors', 'ratio'), /no data of this version/],
  ['another metric only', 'orders', '> 1 %', ratio(9_000, 900), /no data/],
  [
    'few requests for a quantile',
    'latency',
    '< 1 s',
    seen('latency', 'latency', { total: 9 }),
    /too few requests/,
  ],
  [
    'a unit that does not fit',
    'errors',
    '< 300 ms',
    ratio(9, 0),
    /errors is of kind ratio: want takes a percentage/,
  ],
  ['a quantile of a share', 'errors', 'p95 < 1 %', ratio(9, 0), /of kind ratio, which has no p95/],
])('P21: not known, and why: %s', (_, metric, want, data, why) => {
  expect(outcome(metric, want, data)).toMatchObject({
    outcome: 'inconclusive',
    observed: null,
    why: expect.stringMatching(why),
  })
})

test.each(['', '1 %', '< % 1', '< 1e9', '< 1 kg', '<< 1', 'p75 < 1 s', '< -1', '< 1 % and more'])(
  'P21: "%s" is refused in the configuration with what to write',
  (want) => {
    expect(readWanted(want)).toBeNull()
    const read = config.safeParse({ purpose: { objectives: [{ text: 'a', metric: 'b', want }] } })
    expect(read.error?.issues[0]?.message).toMatch(/such as "< 0.5 %", "p95 < 300 ms" or "> 120"/)
  },
)

test('P21: what is wanted needs a metric', () => {
  const read = config.safeParse({ purpose: { objectives: [{ text: 'a', want: '< 1 %' }] } })
  expect(read.error?.issues[0]).toMatchObject({
    path: ['purpose', 'objectives', 0, 'want'],
    message: expect.stringMatching(/name the metric/),
  })
})

test('P21: text of a configuration stays inert in the summary, and a broken record is none', () => {
  const results = measureObjectives(
    [{ text: '</details> @all | [x](http://evil) `a`', metric: 'errors' }],
    metrics?.checks ?? [],
    ratio(100, 1),
  )
  expect(showObjectives(results)).not.toMatch(/<\/details>|[^\\]\[x\]\(|(?<!\\)@all/)
  const event = (objectives: unknown) => [{ kind: 'completed', data: { objectives } }]
  expect(recordedObjectives(event(results))).toEqual(results)
  for (const bad of [undefined, 'x', [{ text: 1 }]]) expect(recordedObjectives(event(bad))).toBeNull()
  expect(recordedObjectives([])).toBeNull()
})
