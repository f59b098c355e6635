import { expect, test } from '@jest/globals'
import type { Visit } from '@relman/core/rollout/rollout-state'
import { type Evidence, readEvidence } from '@relman/core/settlement/evidence'
import { settlementDrafts } from '@relman/core/settlement/settlement-drafts'

const visit = (step: number, weight: number): Visit => ({
  ...{ step, weight, movedAt: 100 * step, confirmedAt: 100 * step + 1, endedAt: 100 * step + 50 },
  ...{ verdict: 'healthy', reason: 'proven' },
})
const rollout = {
  ...{ schema: 1 as const, digest: 'd', version: '1.1.0', previous: '1.0.0', token: 3, seq: 6 },
  ...{ weight: 50, phase: 'done' as const, visits: [visit(0, 10), visit(1, 50)] },
}
const evidenceWith = (ratios: unknown): Evidence | null =>
  readEvidence(
    JSON.stringify({
      ...{ schema: 1, digest: 'd', deployment: 7, verdict: 'healthy' },
      visits: [{ step: 0, weight: 10, verdict: 'healthy', reason: 'proven', ratios }],
    }),
  )

test('V4: the record keeps how the arms differed in each step, as the evidence tells it', () => {
  const ratios = [{ metric: 'errors', logRatio: 0.1, variance: 0.02 }]
  const drafts = settlementDrafts(
    {
      ...{ state: 'deployed', reason: 'completed', faults: [], settled: true, exposed: true, entries: [] },
      ...{ rollout, recoverySeconds: null, verified: false },
    },
    {
      ...{ actor: 'ada', run: { id: 1, attempt: 1, workflow: 'w', job: 'j' }, digest: 'd', token: 3 },
      ...{
        deployment: 7,
        why: '',
        evidence: evidenceWith(ratios),
        state: 'executing',
        startedAt: null,
        now: 0,
      },
    },
  )
  const told = drafts.filter(({ kind }) => kind === 'verdict').map(({ data }) => data['evidence'])
  expect(told).toEqual([{ verdict: 'healthy', reason: 'proven', ratios }, null])
})

test.each([
  ['text', [{ metric: 'errors', logRatio: 'large', variance: 0.1 }]],
  ['a negative variance', [{ metric: 'errors', logRatio: 0, variance: -1 }]],
  ['a name without end', [{ metric: 'e'.repeat(101), logRatio: 0, variance: 1 }]],
  ['too many', Array.from({ length: 101 }, () => ({ metric: 'errors', logRatio: 0, variance: 1 }))],
])('V4: evidence with %s in its ratios is none', (_, ratios) => expect(evidenceWith(ratios)).toBeNull())
