import { afterEach, describe, expect, test } from '@jest/globals'
import { observationSchema } from '@relman/core/verdict/observation'
import type { TestServer } from '../traffic/server.ts'
import { latency, open, openPrometheusServer, ratio, type World } from './prometheus.ts'

let server: TestServer | undefined
afterEach(async () => {
  await server?.close()
})
const serve = async (world: World, more = {}) => {
  server = await openPrometheusServer(world)
  return open(server.url, more)
}

/** A counter of so many a second since 1,000. */
const line =
  (perSecond: number, from = 1000) =>
  (at: number) =>
    Math.max(0, (at - from) * perSecond)
const both = {
  'requests 1.2.0 c1': line(10),
  'errors 1.2.0 c1': line(1),
  'requests 1.1.0 s1': line(90),
  'errors 1.1.0 s1': line(2),
}

describe('V1: counters of Prometheus become increments', () => {
  test('one look: canary and stable side by side, whole numbers, nothing lost between looks', async () => {
    const provider = await serve(both)
    const first = await provider.observe(1100, 1110, 10)
    expect(first).toMatchObject({ down: null, notes: [] })
    expect(first.observations).toHaveLength(1)
    expect(observationSchema.parse(first.observations[0])).toMatchObject({
      metric: 'errors',
      kind: 'ratio',
      from: 1100,
      to: 1110,
      weight: 10,
      canary: [{ instance: 'c1', total: 100, events: 10 }],
      stable: [{ instance: 's1', total: 900, events: 20 }],
    })
    const second = await provider.observe(1110, 1115, 10)
    expect(second.observations[0]).toMatchObject({
      canary: [{ total: 50, events: 5 }],
      stable: [{ total: 450 }],
    })
  })

  test('samples that arrive late are counted in the next look', async () => {
    let now = 1105
    const lag = (at: number) => (Math.min(at, now) - 1000) * 10
    const provider = await serve({ ...both, 'requests 1.2.0 c1': lag })
    const first = await provider.observe(1100, 1110, 10)
    now = 1120
    const second = await provider.observe(1110, 1120, 10)
    const totals = [first, second].map(({ observations }) => observations[0]?.canary[0]?.total ?? 0)
    expect(totals.reduce((sum, total) => sum + total)).toBe(200)
  })

  test('a range is the same looks in a row', async () => {
    const provider = await serve(both)
    const { observations } = await provider.range(1100, 1160, 15, 0)
    expect(observations.map(({ from, to }) => [from, to])).toEqual([
      [1100, 1115],
      [1115, 1130],
      [1130, 1145],
      [1145, 1160],
    ])
    expect(observations.every(({ canary }) => canary[0]?.total === 150)).toBe(true)
  })

  test.each([1.005, 1.003, 2.2, 0.7])(
    'a step of %d s loses no point, whatever floats make of it',
    async (step) => {
      const provider = await serve(both)
      const { observations } = await provider.range(1100.123, 1100.123 + 40 * step, step, 0)
      expect(observations).toHaveLength(40)
      expect(observations.every(({ canary, stable }) => canary.length + stable.length === 2)).toBe(true)
      // Prometheus reads it as a float of seconds and cuts its nanoseconds to whole milliseconds.
      const sent = new URL(server?.seen[0]?.split(' ')[1] ?? '', 'http://x').searchParams.get('step')
      expect(Math.floor(Math.trunc(Number(sent) * 1e9) / 1e6)).toBe(Math.round(step * 1000))
    },
  )

  test('a v before the version makes no difference, other versions are left out', async () => {
    const provider = await serve({
      'requests v1.2.0 c1': line(10),
      'errors v1.2.0 c1': line(1),
      'requests 1.0.0 old': line(5),
      'errors 1.0.0 old': line(1),
      'requests v1.1.0 s1': line(90),
      'errors v1.1.0 s1': line(1),
    })
    const { observations } = await provider.observe(1100, 1110, 10)
    expect(observations[0]?.canary.map(({ instance }) => instance)).toEqual(['c1'])
    expect(observations[0]?.stable.map(({ instance }) => instance)).toEqual(['s1'])
  })

  test('71: a restart counts from 0; a counter that only lost a series is left out and said', async () => {
    const restart = (at: number) => (at >= 1105 ? (at - 1105) * 10 : (at - 1000) * 10)
    const drop = (at: number) => (at >= 1105 ? 800 : 1000)
    const provider = await serve({
      ...both,
      'requests 1.2.0 c1': restart,
      'errors 1.2.0 c1': (at) => (at >= 1105 ? at - 1105 : at - 1000),
      'requests 1.2.0 c2': drop,
      'errors 1.2.0 c2': () => 1,
    })
    const { observations, notes } = await provider.observe(1100, 1110, 10)
    const [restarted, lost] = observations[0]?.canary ?? []
    expect(restarted).toMatchObject({ instance: 'c1', total: 50, events: 5 })
    expect(lost).toEqual({ instance: 'c2', age: 10, total: 0 })
    expect(notes?.join()).toContain('went backwards without a restart')
  })

  test('the first sight of an instance only teaches its baseline, and its age is known from then on', async () => {
    const born = (at: number) => (at >= 1110 ? 5000 + (at - 1110) * 10 : undefined)
    const provider = await serve({
      ...both,
      'requests 1.2.0 c2': born,
      'errors 1.2.0 c2': (at) => (at >= 1110 ? 0 : undefined),
    })
    const first = await provider.observe(1100, 1110, 10)
    expect(first.observations[0]?.canary.map(({ instance }) => instance)).toEqual(['c1'])
    const second = await provider.observe(1110, 1125, 10)
    expect(second.observations[0]?.canary).toMatchObject([
      { instance: 'c1', age: 25 },
      { instance: 'c2', age: 15, total: 150, events: 0 },
    ])
  })

  test('V5: bad events that were never counted are not zero; once counted, an absent one is', async () => {
    const none = await serve({ 'requests 1.2.0 c1': line(10), 'requests 1.1.0 s1': line(90) })
    const look = await none.observe(1100, 1110, 10)
    expect([look.observations[0]?.canary, look.observations[0]?.stable]).toEqual([[], []])
    expect(look.notes?.join()).toContain('never counted')
    await server?.close()
    const some = await serve({
      'requests 1.2.0 c1': line(10),
      'requests 1.1.0 s1': line(90),
      'errors 1.1.0 s1': line(1),
    })
    await some.range(1050, 1100, 10, 0)
    const { observations } = await some.observe(1100, 1110, 10)
    expect(observations[0]?.canary).toMatchObject([{ total: 100, events: 0 }])
  })

  test('V5: a counter of bad events that vanishes is missing, not zero', async () => {
    const provider = await serve({ ...both, 'errors 1.2.0 c1': (at) => (at >= 1105 ? undefined : 5) })
    const { observations, notes } = await provider.observe(1100, 1110, 10)
    const unknown = { instance: 'c1', total: 100 }
    expect(observations[0]?.canary).toEqual([{ ...unknown, age: 10 }])
    expect(notes?.join()).toContain('counter of events vanished')
    expect((await provider.observe(1110, 1120, 10)).observations[0]?.canary).toEqual([
      { ...unknown, age: 20 },
    ])
  })

  test.each([['NaN'], ['+Inf'], ['-Inf'], ['-7'], ['many']])(
    'V5: %s errors are no count: requests without events, which are no evidence, and nothing is lost',
    async (odd) => {
      const provider = await serve({ ...both, 'errors 1.2.0 c1': (at) => (at === 1110 ? odd : line(1)(at)) })
      const first = await provider.observe(1100, 1110, 10)
      expect(first.observations[0]?.canary).toEqual([{ instance: 'c1', age: 10, total: 100 }])
      expect(first.notes).toEqual(['errors of c1: its counter of events is no number from 0 up'])
      const second = await provider.observe(1110, 1115, 10)
      expect(second.observations[0]?.canary).toMatchObject([{ total: 150, events: 15 }])
    },
  )

  describe('V5: absence of events on one version alone', () => {
    const { 'errors 1.2.0 c1': _, ...silent } = both
    /** Looks of 10 s: how many samples each had of both versions. */
    const looks = async (world: World, count: number, more = {}) => {
      const provider = await serve(world, more)
      const { observations, notes } = await provider.range(1100, 1100 + 10 * count, 10, 10)
      return {
        seen: observations.map(({ canary, stable }) => [canary.length, stable.length]),
        notes,
        observations,
      }
    }

    test('is 0 until about 20 should have come by the share of the stable version; then there is no data', async () => {
      // 2 of 90 fail on the stable version, 100 requests a look on the new one: 20 lack after nine looks.
      const { seen, notes, observations } = await looks(silent, 20)
      expect(seen).toEqual([...Array(9).fill([1, 1]), ...Array(11).fill([0, 1])])
      expect(observations[0]?.canary).toMatchObject([{ total: 100, events: 0 }])
      expect(notes).toEqual([
        'errors: its events were never counted on the new version, where about 20 should have come by now; if it really has none, write the query so that it answers 0',
      ])
    })

    test('ends with the first event, however late it comes', async () => {
      const late = (at: number) => (at >= 1250 ? 3 : undefined)
      const { seen } = await looks({ ...silent, 'errors 1.2.0 c1': late }, 20)
      expect(seen).toEqual([...Array(9).fill([1, 1]), ...Array(5).fill([0, 1]), ...Array(6).fill([1, 1])])
    })

    test('is no reason for doubt where the stable version has no events either', async () => {
      const quiet = { ...silent, 'errors 1.1.0 s1': () => 0 }
      expect((await looks(quiet, 200)).seen).toEqual(Array(200).fill([1, 1]))
    })

    test('of the stable version does not hide what the new one does', async () => {
      const { 'errors 1.1.0 s1': __, ...bad } = both
      expect((await looks(bad, 200)).seen).toEqual(Array(200).fill([1, 1]))
    })

    test('of good events is harm, not absence', async () => {
      const orders = { kind: 'rate', name: 'orders', total: 'requests', events: 'errors' }
      const { seen, observations } = await looks(silent, 20, { checks: [orders] })
      expect(seen).toEqual(Array(20).fill([1, 1]))
      expect(observations.at(-1)?.canary).toMatchObject([{ total: 100, events: 0 }])
    })

    test('is not counted twice where a time is read again', async () => {
      const provider = await serve(silent)
      for (let again = 0; again < 5; again += 1) await provider.range(1100, 1150, 10, 10)
      const { observations } = await provider.range(1150, 1190, 10, 10)
      expect(observations.map(({ canary }) => canary.length)).toEqual([1, 1, 1, 1])
    })
  })
})

describe('V1: classic histograms', () => {
  const h = (version: string, instance: string, counts: number[]) =>
    Object.fromEntries(
      ['0.1', '0.5', '+Inf'].map((le, index) => [
        `seconds_bucket ${version} ${instance} ${le}`,
        line(counts[index] ?? 0),
      ]),
    )

  test('are made of differences of cumulative buckets', async () => {
    const provider = await serve(
      { ...h('1.2.0', 'c1', [6, 9, 10]), ...h('1.1.0', 's1', [60, 89, 90]) },
      { checks: [latency] },
    )
    const { observations } = await provider.observe(1100, 1110, 10)
    expect(observationSchema.parse(observations[0])).toMatchObject({
      kind: 'latency',
      canary: [{ total: 100, buckets: { le: [0.1, 0.5], counts: [60, 30, 10] } }],
      stable: [{ total: 900, buckets: { counts: [600, 290, 10] } }],
    })
    expect(decodeURIComponent(server?.seen[0] ?? '').replaceAll('+', ' ')).toContain(
      'sum by (version, instance, le) (seconds_bucket{job="x"})',
    )
  })

  test.each([
    [
      'without +Inf',
      { 'seconds_bucket 1.2.0 c1 0.1': line(1), 'seconds_bucket 1.2.0 c1 0.5': line(2) },
      'no +Inf bucket',
    ],
    [
      'that is not cumulative',
      { 'seconds_bucket 1.2.0 c1 0.1': line(5), 'seconds_bucket 1.2.0 c1 +Inf': line(2) },
      'not cumulative',
    ],
    [
      'whose edges change',
      {
        'seconds_bucket 1.2.0 c1 0.1': (at: number) => (at > 1105 ? 1 : undefined),
        'seconds_bucket 1.2.0 c1 +Inf': line(2),
      },
      'changed its edges',
    ],
  ])('%s say nothing and why', async (_, world, note) => {
    const provider = await serve(world, { checks: [latency] })
    const { observations, notes } = await provider.observe(1100, 1110, 10)
    expect(observations[0]?.canary).toEqual([])
    expect(notes?.join()).toContain(note)
  })

  test('a histogram selector that Prometheus would read otherwise is refused with the fix', async () => {
    const serving = serve({}, { checks: [{ ...latency, histogram: 'rate(seconds[5m])' }] })
    await expect(serving).rejects.toThrow('histogram: write a name with or without matchers')
  })
})

describe('V5, 71: missing data is no sample, with its reason', () => {
  test.each<[string, World, string]>([
    ['nothing at all', {}, 'no such series'],
    ['no version label', { 'requests - a': line(1), 'errors - a': line(1) }, 'no label "version"'],
    ['NaN', { 'requests 1.2.0 c1': () => 'NaN', 'errors 1.2.0 c1': () => 'NaN' }, 'not numbers'],
    [
      'only stable',
      { 'requests 1.1.0 s1': line(9), 'errors 1.1.0 s1': line(1) },
      'no series of version 1.2.0',
    ],
    [
      'negative',
      { 'requests 1.2.0 c1': () => -5, 'errors 1.2.0 c1': () => -5 },
      'no series of version 1.1.0',
    ],
  ])('%s', async (_, world, note) => {
    const provider = await serve(world)
    const { observations, notes, down } = await provider.observe(1100, 1110, 10)
    // Requests that nobody could count have no events: the judge calls them bad data.
    expect([down, observations[0]?.canary.filter(({ events }) => events !== undefined)]).toEqual([null, []])
    expect(notes?.join()).toContain(note)
  })

  test('73: no instance label: one sample an arm', async () => {
    const provider = await serve({
      'requests 1.2.0 -': line(10),
      'errors 1.2.0 -': line(1),
      'requests 1.1.0 -': line(90),
      'errors 1.1.0 -': line(1),
    })
    const { observations } = await provider.observe(1100, 1110, 10)
    expect([observations[0]?.canary, observations[0]?.stable]).toMatchObject([
      [{ instance: 'canary', total: 100 }],
      [{ instance: 'stable', total: 900 }],
    ])
  })

  test('50: a clock that stood still says so and counts nothing', async () => {
    const provider = await serve(both)
    expect(await provider.observe(1100, 1100, 10)).toMatchObject({ observations: [], down: null })
  })
})

test('V1: a long query goes by POST, a shared selector is asked for once', async () => {
  const long = { ...ratio, total: `requests{a="${'x'.repeat(2000)}"}` }
  const provider = await serve(both, {
    checks: [long, { ...long, kind: 'rate', name: 'orders', events: 'orders' }],
  })
  await provider.observe(1100, 1110, 10)
  expect(server?.seen.filter((line) => line.startsWith('POST'))).toHaveLength(1)
})
