import { expect, test } from '@jest/globals'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { type Evidence, readEvidence } from '@relman/core/settlement/evidence'
import { type RolloutFacts, settle } from '@relman/core/settlement/settle'
import { settlementDrafts } from '@relman/core/settlement/settlement-drafts'
import fc from 'fast-check'
import { facts } from '../plan/facts.ts'

const digest = 'abcdef12'.repeat(8)
const policy = (inconclusive = 'return') => ({
  metrics: { checks: [{ kind: 'ratio', name: 'errors', total: 't', events: 'e' }] },
  rollout: {
    inconclusive,
    steps: [
      { weight: 10, margin: '3 %', min: 10, max: 60 },
      { weight: 50, margin: '2 %', min: 10, max: 60 },
    ],
  },
})

/** Statuses from `<seq> <step> <weight> <word> <second> [<reason>]`, in the order they were written. */
const statuses = (lines: readonly string[], own = digest.slice(0, 8)) =>
  lines.map((line, index) => {
    const [seq, step, weight, word, at, reason] = line.split(' ')
    const description = [seq, step, weight, word, own, at, reason].filter(Boolean).join(' ')
    return { id: index + 1, description, createdAt: '2026-01-01T00:00:00Z' }
  })

const good = [
  '1 0 10 moved 100',
  '2 0 10 confirmed 101',
  '3 0 10 healthy 115 proven',
  '4 1 50 moved 116',
  '5 1 50 confirmed 117',
  '6 1 50 healthy 130 proven',
  '7 2 100 moved 131',
  '8 2 100 confirmed 132',
  '9 2 100 done 140',
]
const caught = [...good.slice(0, 2), '3 0 10 unhealthy 107 errors', '4 0 10 returning 107 errors']
const back = [...caught, '5 0 0 returned 109', '6 0 0 recovered 115']

type Verdict = [number, number, string | null, string | null]
const proven: Verdict[] = [
  [0, 10, 'healthy', 'proven'],
  [1, 50, 'healthy', 'proven'],
  [2, 100, null, null],
]
const evidence = (visits: Verdict[] = proven, more: Partial<Evidence> = {}): Evidence | null =>
  readEvidence(
    JSON.stringify({
      schema: 1,
      digest,
      deployment: 7,
      verdict: null,
      visits: visits.map(([step, weight, verdict, reason]) => ({ step, weight, verdict, reason })),
      ...more,
    }),
  )

type Case = {
  lines?: readonly string[]
  walk?: string
  undo?: string
  evidence?: Evidence | null
  inconclusive?: string
  statuses?: RolloutFacts['statuses']
}

const settled = ({ lines = good, walk = 'success', undo = '', inconclusive, ...more }: Case) =>
  settle({
    plan: drawPlan(facts({}, policy(inconclusive))),
    digest,
    deployment: 7,
    token: 3,
    statuses: statuses(lines),
    evidence: evidence(),
    walk,
    undo,
    ...more,
  })

const without = (index: number) => good.filter((_, each) => each !== index)
const swap = (index: number, line: string) => good.map((each, at) => (at === index ? line : each))

const endings: [string, Case, string, string, boolean][] = [
  ['every step proven and confirmed', {}, 'deployed', 'completed', true],
  [
    'a status that was written twice, as after a lost reply',
    { lines: [...good.slice(0, 4), good[3] ?? '', ...good.slice(4)] },
    'deployed',
    'completed',
    true,
  ],
  [
    'statuses of people in between',
    { statuses: [...statuses(good), { id: 99, description: 'looking good', createdAt: '' }] },
    'deployed',
    'completed',
    true,
  ],
  [
    'caught and brought back by the undo job',
    { lines: back, walk: 'failure', undo: 'success' },
    'rolled-back',
    'errors',
    true,
  ],
  ['brought back by the walk itself', { lines: back, walk: 'failure' }, 'rolled-back', 'errors', true],
  [
    'the runner was lost, the undo job brought it back',
    {
      lines: [
        ...good.slice(0, 2),
        '3 0 10 returning 300 rollout-lost',
        '4 0 0 returned 301',
        '5 0 0 recovered 310',
      ],
      walk: 'failure',
      undo: 'success',
    },
    'rolled-back',
    'rollout-lost',
    true,
  ],
  [
    'inconclusive at the end of patience',
    {
      lines: [
        ...good.slice(0, 2),
        '3 0 10 inconclusive 161 not-proven',
        '4 0 10 returning 161',
        '5 0 0 returned 162',
        '6 0 0 recovered 170',
      ],
      walk: 'failure',
    },
    'rolled-back',
    'not-proven',
    true,
  ],
  [
    'back, but not recovered',
    { lines: [...caught, '5 0 0 returned 109', '6 0 0 not-recovered 140'], walk: 'failure', undo: 'success' },
    'rollback-failed',
    'not-recovered',
    true,
  ],
  [
    'stuck',
    { lines: [...caught, '5 0 10 stuck 200'], walk: 'failure', undo: 'failure' },
    'rollback-failed',
    'traffic-stuck',
    false,
  ],
  [
    'the undo job died on the way',
    { lines: caught, walk: 'failure', undo: 'cancelled' },
    'rollback-failed',
    'undo-failed',
    false,
  ],
  [
    'the walk died and nobody undid it',
    { lines: good.slice(0, 3), walk: 'failure' },
    'rollback-failed',
    'undo-failed',
    false,
  ],
  ['nothing was exposed', { lines: [], walk: 'failure' }, 'execution-failed', 'not-exposed', true],
  [
    'nothing was exposed, the undo job had nothing to do',
    { lines: [], walk: 'cancelled', undo: 'success' },
    'execution-failed',
    'not-exposed',
    true,
  ],
  [
    'nothing was said, and the undo job failed',
    { lines: [], walk: 'failure', undo: 'failure' },
    'rollback-failed',
    'undo-failed',
    false,
  ],
  ['success without a word', { lines: [] }, 'deployment-failed', 'status-mismatch', false],
  ['it waits for a person', { lines: good.slice(0, 2) }, 'held', 'held', false],
  ['done, but its job failed', { walk: 'failure' }, 'deployment-failed', 'status-mismatch', false],
  ['done, but its job was cancelled', { walk: 'cancelled' }, 'deployment-failed', 'status-mismatch', false],
  ['no evidence', { evidence: null }, 'deployment-failed', 'evidence-missing', false],
  [
    'the provider is down',
    { evidence: evidence(proven, { down: 'timeout' }) },
    'deployment-failed',
    'evidence-missing',
    false,
  ],
  [
    'no evidence, and the policy goes on unproven',
    { evidence: null, inconclusive: 'promote-unproven' },
    'deployed',
    'completed-unproven',
    true,
  ],
  [
    'the provider saw harm',
    {
      evidence: evidence([
        [0, 10, 'healthy', 'proven'],
        [1, 50, 'unhealthy', 'errors'],
        [2, 100, null, null],
      ]),
    },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'the provider saw harm at 100 %',
    { evidence: evidence([...proven.slice(0, 2), [2, 100, 'unhealthy', 'errors']]) },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'the provider knows of no such step',
    { evidence: evidence(proven.slice(0, 1)) },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'the provider saw no data',
    { evidence: evidence([[0, 10, 'inconclusive', 'no-data'], ...proven.slice(1)]) },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'one step the provider leaves open is no lie',
    { evidence: evidence([[0, 10, 'inconclusive', 'not-proven'], ...proven.slice(1)]) },
    'deployed',
    'completed',
    true,
  ],
  [
    'every step the provider leaves open is one',
    {
      evidence: evidence([
        [0, 10, 'inconclusive', 'not-proven'],
        [1, 50, 'inconclusive', 'not-proven'],
      ]),
    },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'evidence of another rollout',
    { evidence: evidence(proven, { deployment: 8 }) },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'evidence of another plan',
    { evidence: evidence(proven, { digest: 'f'.repeat(64) }) },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'forged: a status of another plan',
    {
      statuses: [
        ...statuses(good),
        ...statuses(['1 0 10 moved 1'], '12345678').map((each) => ({ ...each, id: 50 })),
      ],
    },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'forged: the first step is skipped',
    { lines: good.slice(3) },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'forged: a step is begun that was not proven',
    { lines: swap(2, '3 0 10 inconclusive 115 not-proven') },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'forged: a weight that the plan does not have',
    { lines: swap(3, '4 1 90 moved 116') },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'forged: too little bake',
    { lines: swap(2, '3 0 10 healthy 104 proven') },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'forged: healthy without a confirmed share',
    { lines: without(1).map((each, index) => each.replace(/^\d+/, String(index + 1))) },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'forged: done without 100 %',
    { lines: [...good.slice(0, 6), '7 1 50 done 131'] },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'forged: on after done',
    { lines: [...good, '10 0 10 moved 200', '11 2 100 done 210'] },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'forged: unproven promotion that the policy forbids',
    { lines: swap(2, '3 0 10 inconclusive 170 promoted-unproven') },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'unproven promotion that the policy allows',
    {
      lines: [...good.slice(0, 2), '3 0 10 inconclusive 115 promoted-unproven', ...good.slice(3)],
      inconclusive: 'promote-unproven',
    },
    'deployed',
    'completed',
    true,
  ],
  [
    'reordered: an earlier time',
    { lines: swap(4, '5 1 50 confirmed 90') },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'reordered: written before the one before',
    {
      statuses: statuses(good).map((each) =>
        each.description.startsWith('5 ') ? { ...each, id: 1 } : { ...each, id: each.id + 1 },
      ),
    },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
  [
    'contradicting: a number twice',
    { lines: [...good.slice(0, 3), '3 0 10 unhealthy 115 errors', ...good.slice(3)] },
    'deployment-failed',
    'status-mismatch',
    false,
  ],
]

test.each(endings)('B1, L3: %s', (_, facts, state, reason, over) => {
  const ending = settled(facts)
  expect([ending.state, ending.reason, ending.settled]).toEqual([state, reason, over])
  if (reason === 'status-mismatch') expect(ending.faults.length).toBeGreaterThan(0)
})

test.each(good.map((_, index) => index))('a status that is missing never makes a deployment: %i', (index) => {
  expect(settled({ lines: without(index) }).state).not.toBe('deployed')
})

test('no statuses but the whole walk make a deployment, however they are mixed', () => {
  const words = [
    'moved',
    'confirmed',
    'healthy',
    'unhealthy',
    'inconclusive',
    'done',
    'returned',
    'recovered',
  ]
  const lines = fc.array(
    fc
      .tuple(
        fc.nat(10),
        fc.nat(3),
        fc.constantFrom(10, 50, 100, 0),
        fc.constantFrom(...words),
        fc.integer({ min: 90, max: 150 }),
      )
      .map((parts) => parts.join(' ')),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(fc.shuffledSubarray(good), lines, (some, more) => {
      const mixed = [...some, ...more]
      const whole = good.every((line) => mixed.includes(line))
      if (!whole) expect(settled({ lines: mixed }).state).not.toBe('deployed')
    }),
    { numRuns: 1_000 },
  )
})

test('B5: time to recover is from the first sign of harm to the return', () => {
  const { recoverySeconds, verified } = settled({ lines: back, walk: 'failure', undo: 'success' })
  expect([recoverySeconds, verified]).toEqual([2, true])
  expect(settled({}).recoverySeconds).toBeNull()
})

const draftsOf = (facts: Case, state: 'executing' | 'deployment-failed' = 'executing') =>
  settlementDrafts(settled(facts), {
    actor: 'ada',
    run: { id: 1, attempt: 1, workflow: 'w', job: 'j' },
    digest,
    token: 3,
    deployment: 7,
    why: '',
    evidence: evidence(),
    state,
    startedAt: '2026-01-01T00:00:00Z',
    now: Date.parse('2026-01-01T00:01:00Z'),
  })

test('L3: every ending tells its duration, metrics, error and way back', () => {
  const ending = (facts: Case) => draftsOf(facts).at(-1)
  expect(ending({})).toMatchObject({
    kind: 'deployed',
    data: { seconds: 60, error: null, weight: 100, metrics: expect.any(Array) },
  })
  expect(ending({ lines: back, walk: 'failure', undo: 'success' })).toMatchObject({
    kind: 'rolled-back',
    data: { seconds: 2, duration: 60, verified: true, error: null, reason: 'errors' },
  })
  expect(ending({ lines: caught, walk: 'failure', undo: 'failure' })).toMatchObject({
    kind: 'rollback-failed',
    data: { error: 'undo-failed' },
  })
  expect(ending({ lines: [], walk: 'failure' })).toMatchObject({
    kind: 'execution-failed',
    data: { error: 'not-exposed' },
  })
  expect(ending({ evidence: null })).toMatchObject({
    kind: 'deployment-failed',
    data: { error: expect.stringMatching(/no evidence/) },
  })
})

test('47: told twice, the keys are the same, and a failure that stands already is not told again', () => {
  const first = draftsOf({ lines: back, walk: 'failure', undo: 'success' })
  const keys = first.map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
  expect(first.map(({ kind }) => kind)).toEqual(['stepped', 'verdict', 'deployment-failed', 'rolled-back'])
  const again = draftsOf({ lines: back, walk: 'failure', undo: 'success' }, 'deployment-failed')
  expect(again.map(({ key }) => key)).toEqual(keys.filter((key) => !key.startsWith('deployment-failed')))
  expect(draftsOf({ lines: good.slice(0, 2) }).map(({ kind }) => kind)).toEqual(['stepped'])
})

test.each(['', '{', '[]', 'null', '{"schema":2}', `"${'x'.repeat(1_000_001)}"`])(
  'evidence that cannot be read is none (%#)',
  (text) => {
    expect(readEvidence(text)).toBeNull()
  },
)
