import { describe, expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { measuredTraffic } from '@relman/core/plan/measured-traffic'
import { planBakes } from '@relman/core/plan/plan-bakes'

const check = { kind: 'ratio', name: 'errors', total: 't', events: 'e' }
const policy = (rollout: Record<string, unknown> = {}, checks: unknown[] = [check]) =>
  config.parse({ metrics: { prometheus: { url: 'https://prometheus.example' }, checks }, rollout })
const traffic = { rate: 200, errors: 0.1, instances: 20, source: 'test' }
const measured = [{ name: 'errors', traffic, missing: null }]

describe('P20: the planned bake of each step', () => {
  test('at the measured traffic, with the smallest margin that the patience proves', () => {
    const bake = planBakes(policy(), measured)
    expect(bake).toMatchObject({ known: true, cases: [{ name: 'errors', traffic }] })
    const steps = bake?.cases[0]?.steps ?? []
    expect(steps.map(({ weight, margin }) => [weight, margin])).toEqual([
      [1, 1],
      [5, 0.5],
      [10, 0.2],
      [25, 0.1],
      [50, 0.1],
    ])
    for (const { half, most, min, max, smallest, warning, margin } of steps) {
      expect([min, max]).toEqual([120, 900])
      expect(half).toBeGreaterThan(0)
      expect(most).toBeGreaterThanOrEqual(half ?? 0)
      // What the patience surely proves needs no warning; what it does not has one.
      expect(warning === null).toBe((most ?? Number.POSITIVE_INFINITY) <= 900)
      expect(smallest).toBeLessThanOrEqual(margin * 1.5)
    }
  })

  test('more traffic needs less time, and a step that cannot prove its margin says so and what it can', () => {
    const at = (rate: number) =>
      planBakes(policy(), [{ name: 'errors', missing: null, traffic: { ...traffic, rate } }])?.cases[0]
        ?.steps ?? []
    const most = (rate: number) => at(rate).map((step) => step.most ?? Number.POSITIVE_INFINITY)
    most(2000).forEach((seconds, index) => {
      expect(seconds).toBeLessThan(most(200)[index] ?? 0)
    })
    const slow = at(2)
    expect(slow.every(({ warning }) => warning !== null)).toBe(true)
    for (const { smallest, margin, warning } of slow) {
      expect(smallest).toBeGreaterThan(margin)
      expect(warning).toContain(`${smallest} pp`)
    }
    // The margin that is named can be proven in half of the cases or nearly so.
    const [first] = slow
    const wider = policy({ steps: [{ weight: 1, margin: (first?.smallest ?? 0) * 1.2 }] })
    const again = planBakes(wider, [{ name: 'errors', missing: null, traffic: { ...traffic, rate: 2 } }])
    expect(again?.cases[0]?.steps[0]?.half).toBeLessThanOrEqual(900)
  })

  test('instances that differ by more than the margin prove nothing however long they bake', () => {
    const noisy = policy({ assume: { spread: 0.5 }, steps: [{ weight: 10, margin: '0.1 %' }] })
    const [step] =
      planBakes(noisy, [{ name: 'errors', missing: null, traffic: { ...traffic, errors: 2 } }])?.cases[0]
        ?.steps ?? []
    expect(step).toMatchObject({ half: null, most: null })
    expect(step?.warning).toMatch(/^cannot prove 0\.1 pp however long it bakes; the smallest margin .* \d/)
  })

  test('what the configuration assumes, where nothing was measured', () => {
    const bake = planBakes(policy({ assume: { rate: 50, errors: '0.5 %', instances: 4 } }))
    expect(bake).toMatchObject({
      known: true,
      cases: [{ traffic: { rate: 50, errors: 0.5, instances: 4, source: 'rollout.assume' } }],
    })
  })

  test('an unknown traffic is four examples, and says so', () => {
    const bake = planBakes(policy(), [{ name: 'errors', traffic: null, missing: 'errors: nothing seen' }])
    expect(bake?.known).toBe(false)
    expect(bake?.cases.map((each) => each.traffic.rate)).toEqual([5, 20, 50, 200])
    expect(bake?.notes).toEqual(['errors: nothing seen'])
  })

  test('checks that are no shares are named as not planned; without a share there is no plan', () => {
    const rate = { kind: 'rate', name: 'orders', total: 't', events: 'o' }
    expect(planBakes(policy({}, [check, rate]), measured)?.notes).toEqual([
      'planned for shares of bad requests only; orders may take longer',
    ])
    expect(planBakes(policy({}, [rate]))).toBeNull()
    expect(planBakes(config.parse({}))).toBeNull()
  })
})

test('P20: what so few instances can never prove is said before anybody is exposed, with what would help', () => {
  const rate = { kind: 'rate', name: 'orders', total: 't', events: 'o' }
  const notes = (instances: number, more: object = {}) =>
    planBakes(policy({ assume: { rate: 50, instances } }, [check, { ...rate, ...more }]))?.notes.filter(
      (note) => note.startsWith('⚠'),
    ) ?? []
  const [few] = notes(4)
  expect(few).toMatch(
    /^⚠ orders > 0\.95 × baseline: never proven at 10 %, 25 %, 50 %, whatever the traffic .*: 4 of the new version beside 4 stable instances \(rollout\.assume\.instances\) can prove a fall of 1\d % at best, and 5 % is asked for\. What helps: \d+ stable instances, .*; or a margin of 1\d % or more; or required: false/,
  )
  const enough = Number(/What helps: (\d+) stable/.exec(few ?? '')?.[1])
  expect(notes(enough)).toEqual([])
  expect(notes(enough - 1)).toHaveLength(1)
  expect(notes(4, { required: false })).toEqual([])
  expect(notes(4, { margins: ['50 %'] })).toEqual([])
})

describe('P20: the traffic of the last day', () => {
  const window = { start: '2026-03-10T08:00:00Z', end: '2026-03-10T10:00:00Z' }
  const day = Date.parse('2026-03-01T00:00:00Z') / 1000
  const hour = (at: number, total: number, events: number) => ({
    schema: 1 as const,
    metric: 'errors',
    kind: 'ratio' as const,
    from: day + at * 3600,
    to: day + (at + 1) * 3600,
    weight: 0,
    canary: [],
    stable: [
      { instance: 'a', total: total / 2, events },
      { instance: 'b', total: total / 2, events: 0 },
    ],
  })
  const all = Array.from({ length: 24 }, (_, at) =>
    at === 8 || at === 9 ? hour(at, 36_000, 36) : hour(at, 3_600, 0),
  )

  test('at the hours of the window, on whatever day it is', () => {
    expect(measuredTraffic('errors', all, window)).toEqual({
      name: 'errors',
      missing: null,
      traffic: {
        rate: 10,
        errors: 0.1,
        instances: 2,
        source: 'errors of the stable version, the last day at the hours of the window',
      },
    })
  })

  test('the whole day where nothing was seen at those hours or no window is known', () => {
    const night = { start: '2026-03-10T03:00:00Z', end: '2026-03-10T04:00:00Z' }
    expect(measuredTraffic('errors', all, night).traffic?.rate).toBe(1)
    const rest = all.filter((_, at) => at < 2)
    expect(measuredTraffic('errors', rest, window).traffic?.source).toMatch(/the last day$/)
  })

  test('no share is known to be 0: half a bad request is assumed', () => {
    expect(measuredTraffic('errors', [hour(0, 1_000, 0)], null).traffic?.errors).toBe(0.05)
  })

  test('nothing seen is said', () => {
    expect(measuredTraffic('other', all, window)).toEqual({
      name: 'other',
      traffic: null,
      missing: 'other: no request of the stable version in the last day',
    })
  })
})

describe('C10, P20: what a step can prove with probes is planned', () => {
  const probed = (probes: Record<string, unknown>, required = true) =>
    config.parse({
      metrics: {
        prometheus: { url: 'https://prometheus.example' },
        probes: { url: 'https://{{arm}}.shop.example', ...probes },
        checks: [
          { ...check, required },
          { kind: 'ratio', name: 'probe-errors', provider: 'probes' },
        ],
      },
    })

  test('their rate is known, goes to each version whatever the weight, and changes nothing of the plan for users', () => {
    const quiet = [{ name: 'errors', missing: null, traffic: { ...traffic, rate: 5 } }]
    const bake = planBakes(probed({ rate: 20, answers: { instance: 'x-pod' } }), quiet)
    expect(bake?.cases).toEqual(planBakes(policy(), quiet)?.cases)
    const [users, probes] = [bake?.cases[0]?.steps[0], bake?.probes[0]?.steps[0]]
    expect(bake?.probes[0]?.traffic).toMatchObject({ rate: 20, each: true, source: 'metrics.probes.rate' })
    expect(probes?.most).toBeLessThan((users?.most ?? 0) / 20)
    const faster = planBakes(probed({ rate: 50, answers: { instance: 'x-pod' } }))?.probes[0]?.steps[2]
    expect(faster?.most).toBeLessThan(bake?.probes[0]?.steps[2]?.most ?? 0)
  })

  test('answers that name no instance prove less: the judge believes more of how one differs', () => {
    const steps = (probes: Record<string, unknown>) => planBakes(probed(probes))?.probes[0]?.steps ?? []
    const [named, unnamed] = [steps({ answers: { instance: 'x-pod' } }), steps({})]
    expect(unnamed[4]?.half).toBeNull()
    expect(unnamed[4]?.warning).toMatch(/cannot prove 0\.1 pp however long/)
    expect(named[4]?.half).toBeGreaterThan(0)
  })

  test('traffic that is unknown stays unknown', () => {
    const bake = planBakes(probed({}))
    expect([bake?.known, bake?.cases.length, bake?.probes.length]).toEqual([false, 4, 1])
  })
})
