import { expect, test } from '@jest/globals'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { readEvidence } from '@relman/core/settlement/evidence'
import { settle } from '@relman/core/settlement/settle'
import { facts } from '../plan/facts.ts'

const digest = 'abcdef12'.repeat(8)
const plan = drawPlan(
  facts(
    {},
    {
      metrics: { checks: [{ kind: 'ratio', name: 'errors', total: 't', events: 'e' }] },
      rollout: {
        inconclusive: 'promote-unproven',
        steps: [
          { weight: 10, margin: '3 %', min: 10, max: 60 },
          { weight: 50, margin: '2 %', min: 10, max: 60 },
        ],
      },
    },
  ),
)

/** A rollout whose first step ended so, with what the provider shows of that step. */
const settled = (first: string, [verdict, reason]: readonly [string, string]) =>
  settle({
    plan,
    digest,
    deployment: 7,
    token: 3,
    statuses: [
      '1 0 10 moved abcdef12 100',
      '2 0 10 confirmed abcdef12 101',
      `3 0 10 ${first}`,
      '4 1 50 moved abcdef12 171',
      '5 1 50 confirmed abcdef12 172',
      '6 1 50 healthy abcdef12 190 proven',
      '7 2 100 moved abcdef12 191',
      '8 2 100 confirmed abcdef12 192',
      '9 2 100 done abcdef12 200',
    ].map((description, at) => ({ id: at + 1, description, createdAt: '2026-01-01T00:00:00Z' })),
    evidence: readEvidence(
      JSON.stringify({
        schema: 1,
        digest,
        deployment: 7,
        verdict: null,
        visits: [
          { step: 0, weight: 10, verdict, reason },
          { step: 1, weight: 50, verdict: 'healthy', reason: 'proven' },
          { step: 2, weight: 100, verdict: null, reason: null },
        ],
      }),
    ),
    walk: 'success',
    undo: '',
  })

const letOn = 'inconclusive abcdef12 170 promoted-unproven'

test('C10: a step that went on unproven is recorded as that, unless the second look proves it', () => {
  expect(settled(letOn, ['inconclusive', 'not-proven-yet'])).toMatchObject({
    state: 'deployed',
    reason: 'completed-unproven',
    faults: ['step 0 (10 %) went on unproven'],
  })
  expect(settled(letOn, ['healthy', 'proven'])).toMatchObject({ reason: 'completed', faults: [] })
})

test.each(['evidence-against', 'too-little-seen', 'one-instance'])(
  'V4: signs of harm contradict a step that went on, proven or not: %s',
  (reason) => {
    for (const first of [letOn, 'healthy abcdef12 170 proven'])
      expect(settled(first, ['inconclusive', reason])).toMatchObject({
        state: 'deployment-failed',
        reason: 'status-mismatch',
        faults: [expect.stringContaining(`the provider shows ${reason}`)],
      })
  },
)
