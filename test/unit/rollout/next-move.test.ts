import { describe, expect, test } from '@jest/globals'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import { ladder } from '@relman/core/rollout/ladder'
import { type Move, nextMove, type Situation } from '@relman/core/rollout/next-move'
import { begin, fold } from '@relman/core/rollout/progress'
import { parseStatusLine } from '@relman/core/rollout/status-line'

const digest = 'abcdef0123456789'
const start = { digest, version: '1.2.0', previous: '1.1.0', token: 3 }
const policy = rolloutPolicy.parse({
  steps: [
    { weight: 10, margin: '1 %', min: 60, max: 300 },
    { weight: 50, margin: '1 %', min: 60, max: 300 },
  ],
  drain: 30,
  warmup: 0,
})
const rungs = ladder(policy)

/** Statuses as `step weight word at [reason]`. */
const reported = (...lines: string[]) =>
  fold(
    start,
    lines.map((line, index) => {
      const [step, weight, word, at, reason = ''] = line.split(' ')
      const entry = parseStatusLine(`${index + 1} ${step} ${weight} ${word} abcdef01 ${at} ${reason}`.trim())
      if (!entry) throw new Error(line)
      return entry
    }),
  )

const decide = (
  state: Situation['state'],
  now: number,
  finding: string,
  more: Partial<Situation> = {},
): Move => {
  const [verdict, reason = 'not-proven-yet'] = finding.split(' ') as [
    Situation['finding']['verdict'],
    string?,
  ]
  return nextMove({
    rungs,
    state,
    finding: { verdict, reason },
    now,
    until: 100,
    policy,
    resumedAt: 0,
    ...more,
  })
}

const at10 = ['0 10 moved 100', '0 10 confirmed 105']
const at50 = [...at10, '0 10 healthy 200 proven', '1 50 moved 201', '1 50 confirmed 205']
const at100 = [...at50, '1 50 healthy 300 proven', '2 100 moved 301', '2 100 confirmed 305']

describe('C3: the ladder decides by what was reported, the time and the verdict', () => {
  test.each<[string, string[], number, string, { do: Move['do']; [key: string]: unknown }]>([
    ['nothing yet: the first step', [], 100, 'inconclusive', { do: 'move', rung: rungs[0] }],
    [
      'moved, not read back: again',
      ['0 10 moved 100'],
      110,
      'inconclusive',
      { do: 'move', why: 'unconfirmed' },
    ],
    [
      'harm before it was read back',
      ['0 10 moved 100'],
      110,
      'unhealthy ceiling-exceeded',
      { do: 'return', reason: 'ceiling-exceeded' },
    ],
    ['draining', at10, 120, 'healthy proven', { do: 'wait', why: 'draining', left: 15 }],
    [
      'harm while draining',
      at10,
      120,
      'unhealthy error-rate-above-margin',
      { do: 'return', reason: 'error-rate-above-margin' },
    ],
    [
      'proven, but before the least bake',
      at10,
      140,
      'healthy proven',
      { do: 'wait', why: 'minimum-bake', left: 55 },
    ],
    ['proven after the least bake', at10, 195, 'healthy proven', { do: 'end-step', verdict: 'healthy' }],
    ['not proven: patience', at10, 200, 'inconclusive', { do: 'wait', why: 'not-proven-yet', left: 235 }],
    ['patience is over', at10, 436, 'inconclusive', { do: 'return', reason: 'not-proven' }],
    [
      'patience is over and the provider is down',
      at10,
      436,
      'inconclusive metrics-down',
      { do: 'return', reason: 'metrics-down' },
    ],
    [
      'harm at the end of patience',
      at10,
      436,
      'unhealthy latency-above-margin',
      { do: 'return', reason: 'latency-above-margin' },
    ],
    [
      'step ended: the next',
      [...at10, '0 10 healthy 200 proven'],
      200,
      'healthy proven',
      { do: 'move', why: 'proven' },
    ],
    [
      'harm between two steps',
      [...at10, '0 10 healthy 200 proven'],
      210,
      'unhealthy business-decline',
      { do: 'return', reason: 'business-decline' },
    ],
    [
      'step ended unproven',
      [...at10, '0 10 inconclusive 200 not-proven'],
      200,
      'healthy proven',
      { do: 'return', reason: 'not-proven' },
    ],
    [
      'promoted unproven',
      [...at10, '0 10 inconclusive 200 promoted-unproven'],
      200,
      'inconclusive',
      { do: 'move', why: 'promoted-unproven' },
    ],
    ['100 %: still draining', at100, 320, 'inconclusive no-traffic', { do: 'wait', why: 'draining' }],
    ['100 %: nothing to prove', at100, 336, 'inconclusive no-traffic', { do: 'finish' }],
    [
      '100 %: not all of it seen',
      at100,
      336,
      'inconclusive unseen',
      { do: 'wait', why: 'not-seen-yet', left: 299 },
    ],
    ['100 %: never seen', at100, 636, 'inconclusive unseen', { do: 'return', reason: 'not-proven' }],
    ['100 %: exchanged arms', at100, 336, 'inconclusive arms-swapped', { do: 'wait', why: 'not-seen-yet' }],
    ['100 %: blind', at100, 600, 'inconclusive metrics-down', { do: 'wait', why: 'not-seen-yet' }],
    [
      '100 %: blind to the end',
      at100,
      636,
      'inconclusive metrics-down',
      { do: 'return', reason: 'metrics-down' },
    ],
    ['100 %: ten to one against', at100, 600, 'inconclusive evidence-against', { do: 'wait' }],
    ['100 %: ten to one against for so long', at100, 636, 'inconclusive evidence-against', { do: 'return' }],
    ['100 %: a hundred to one, doubted', at100, 336, 'inconclusive too-little-seen', { do: 'wait' }],
    ['100 %: doubted for so long', at100, 636, 'inconclusive too-little-seen', { do: 'return' }],
    ['100 %: harm', at100, 336, 'unhealthy ceiling-exceeded', { do: 'return', reason: 'ceiling-exceeded' }],
    ['done', [...at100, '2 100 done 340'], 400, 'unhealthy x', { do: 'nothing', reason: 'already-done' }],
    [
      'returned',
      [...at10, '0 10 unhealthy 150 x', '0 10 returning 150', '0 0 returned 152'],
      400,
      'healthy',
      { do: 'nothing', reason: 'already-returned' },
    ],
    ['returning, the machine died', [...at10, '0 10 returning 150'], 160, 'healthy proven', { do: 'return' }],
    [
      'stuck',
      [...at10, '0 10 returning 150', '0 10 stuck 190'],
      400,
      'healthy',
      { do: 'nothing', reason: 'stuck' },
    ],
    [
      'statuses of another ladder',
      ['0 20 moved 100', '0 20 confirmed 101'],
      400,
      'healthy proven',
      { do: 'return', reason: 'plan-differs' },
    ],
  ])('%s', (_, lines, now, finding, expected) => {
    expect(decide(reported(...lines), now, finding)).toMatchObject(expected)
  })
})

describe('C10: what an unproven step does is chosen in the plan', () => {
  test.each([
    ['return', { do: 'return', reason: 'not-proven' }],
    ['ask', { do: 'ask' }],
    ['promote-unproven', { do: 'end-step', verdict: 'inconclusive', reason: 'promoted-unproven' }],
  ] as const)('%s', (inconclusive, expected) => {
    const more = { policy: { drain: 30, answer: 600, inconclusive } }
    expect(decide(reported(...at10), 436, 'inconclusive', more)).toEqual(expected)
  })

  const bad = [
    'metrics-down',
    'metric-vanished',
    'bad-data',
    'evidence-against',
    'too-little-seen',
    'one-instance',
    'unserved',
    'warming-up',
  ]
  test.each(bad)('V5: neither asking nor promoting unproven covers %s', (reason) => {
    for (const inconclusive of ['ask', 'promote-unproven'] as const)
      expect(
        decide(reported(...at10), 436, `inconclusive ${reason}`, {
          policy: { drain: 30, answer: 600, inconclusive },
        }),
      ).toEqual({ do: 'return', reason: reason === 'metrics-down' ? reason : 'not-proven' })
  })

  test('a person who resumed an undecided step gives it its patience anew', () => {
    const ask = { policy: { drain: 30, answer: 600, inconclusive: 'ask' as const }, resumedAt: 430 }
    expect(decide(reported(...at10), 436, 'inconclusive', ask)).toMatchObject({ do: 'wait', left: 294 })
    expect(decide(reported(...at10), 731, 'inconclusive', ask)).toEqual({ do: 'ask' })
    const asked = reported(...at10, '0 10 asked 425')
    expect(decide(asked, 436, 'inconclusive', ask)).toMatchObject({ do: 'wait', why: 'not-proven-yet' })
    expect(decide(asked, 731, 'inconclusive', ask)).toEqual({ do: 'ask' })
  })

  const asked = reported(...at10, '0 10 asked 436')
  const asking = { policy: { drain: 30, answer: 600, inconclusive: 'ask' as const } }
  test.each<[string, number, string, Partial<Situation>, object]>([
    ['nobody answered yet', 500, 'inconclusive', {}, { do: 'wait', why: 'asked', left: 536 }],
    ['nobody answered in time', 1036, 'inconclusive', {}, { do: 'return', reason: 'not-answered' }],
    [
      'harm, though a person lets it go on',
      500,
      'unhealthy ceiling-exceeded',
      { letOn: true },
      { do: 'return', reason: 'ceiling-exceeded' },
    ],
    ['proven meanwhile', 500, 'healthy proven', {}, { do: 'end-step', verdict: 'healthy' }],
    [
      'a person lets it go on',
      500,
      'inconclusive',
      { letOn: true },
      { do: 'end-step', verdict: 'inconclusive', reason: 'promoted-unproven' },
    ],
    ['one blind look', 500, 'inconclusive metrics-down', { badSince: 490 }, { do: 'wait', why: 'asked' }],
    [
      'blind for two minutes',
      620,
      'inconclusive metrics-down',
      { badSince: 500 },
      { do: 'return', reason: 'metrics-down' },
    ],
    [
      'a person cannot let on what is not seen',
      500,
      'inconclusive metric-vanished',
      { letOn: true, badSince: 490 },
      { do: 'wait', why: 'asked' },
    ],
  ])('C10: while people are asked: %s', (_, now, finding, more, expected) => {
    expect(decide(asked, now, finding, { ...asking, ...more })).toMatchObject(expected)
  })
})

test.each([
  [5, [], { do: 'hold', reason: 'until-reached' }],
  [10, [], { do: 'move' }],
  [10, [...at10, '0 10 healthy 200 proven'], { do: 'hold', reason: 'until-reached' }],
  [49, [...at10, '0 10 healthy 200 proven'], { do: 'hold', reason: 'until-reached' }],
  [50, [...at10, '0 10 healthy 200 proven'], { do: 'move' }],
])('C3: until %s halts', (until, lines, expected) => {
  expect(
    decide(lines.length > 0 ? reported(...lines) : begin(start), 200, 'healthy proven', { until }),
  ).toMatchObject(expected)
})

test('V5: no verdict but healthy ever ends a step as healthy', () => {
  for (let now = 100; now < 2000; now += 7) {
    for (const verdict of ['inconclusive', 'unhealthy'] as const) {
      const move = decide(reported(...at10), now, verdict)
      expect(move.do === 'end-step' && move.verdict === 'healthy').toBe(false)
      expect(move.do).not.toBe('finish')
    }
  }
})
