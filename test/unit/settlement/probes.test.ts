import { expect, test } from '@jest/globals'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { readEvidence } from '@relman/core/settlement/evidence'
import { settle } from '@relman/core/settlement/settle'
import { settlementDrafts } from '@relman/core/settlement/settlement-drafts'
import { facts } from '../plan/facts.ts'

const digest = 'abcdef12'.repeat(8)
const lines = [
  '1 0 10 moved abcdef12 100',
  '2 0 10 confirmed abcdef12 101',
  '3 0 10 healthy abcdef12 115 proven',
  '4 1 100 moved abcdef12 116',
  '5 1 100 confirmed abcdef12 117',
  '6 1 100 done abcdef12 140',
]
const statuses = lines.map((description, index) => ({
  id: index + 1,
  description,
  createdAt: '2026-01-01T00:00:00Z',
}))

type Visit = { step: number; weight: number; verdict: string | null; reason: string | null }
const visit = (verdict: string | null, reason: string | null, step = 0, weight = 10): Visit => ({
  step,
  weight,
  verdict,
  reason,
})
const nothingOfUsers = [visit('inconclusive', 'no-required-metric'), visit(null, null, 1, 100)]

type Case = { users?: Visit[]; probes?: Visit[] | null; required?: boolean; inconclusive?: string }
const settled = ({
  users = nothingOfUsers,
  probes = null,
  required = false,
  inconclusive = 'return',
}: Case) => {
  const plan = drawPlan(
    facts(
      {},
      {
        metrics: {
          prometheus: { url: 'https://p.example' },
          probes: { url: 'https://{{arm}}.shop.example' },
          checks: [
            { kind: 'ratio', name: 'errors', total: 't', events: 'e', required },
            { kind: 'ratio', name: 'probe-errors', provider: 'probes' },
          ],
        },
        rollout: { inconclusive, steps: [{ weight: 10, margin: '3 %', min: 10, max: 60 }] },
      },
    ),
  )
  const told = probes && { reportedBy: 'walk', visits: probes }
  const evidence = readEvidence(
    JSON.stringify({
      schema: 1,
      digest,
      deployment: 7,
      verdict: null,
      visits: users,
      ...(told ? { probes: told } : {}),
    }),
  )
  const known = { plan, digest, deployment: 7, token: 3, statuses, evidence, walk: 'success', undo: '' }
  return { evidence, ...settle(known) }
}
const proven = [visit('healthy', 'proven')]

test.each<[string, Case, string, string, RegExp | null]>([
  [
    'on probes alone: the record says so',
    { probes: proven },
    'deployed',
    'completed-on-probes',
    /step 0 \(10 %\) is proven by probes alone, as the walk reported them/,
  ],
  ['without a word of the walk', {}, 'deployment-failed', 'evidence-missing', /counts were not handed on/],
  [
    'without a word of a walk that a person resumed',
    { inconclusive: 'ask' },
    'deployed',
    'completed-unproven',
    /counts were not handed on/,
  ],
  [
    'though the probes of the walk show harm',
    { probes: [visit('unhealthy', 'error-rate-above-margin')] },
    'deployment-failed',
    'status-mismatch',
    /the probes of the walk show error-rate-above-margin/,
  ],
  [
    'though the probes of the walk prove nothing',
    { probes: [visit('inconclusive', 'not-proven-yet')] },
    'deployment-failed',
    'status-mismatch',
    /prove none of them/,
  ],
  [
    'though users suffer: no probe outweighs that',
    { users: [visit('unhealthy', 'error-rate-above-margin')], probes: proven },
    'deployment-failed',
    'status-mismatch',
    /the provider shows error-rate-above-margin/,
  ],
  [
    'on both: what users show is what proves it',
    { users: [visit('healthy', 'proven'), visit(null, null, 1, 100)], probes: proven, required: true },
    'deployed',
    'completed',
    null,
  ],
  [
    'on both, where users prove nothing: probes do not stand in for them',
    { users: [visit('inconclusive', 'not-proven-yet')], probes: proven, required: true },
    'deployment-failed',
    'status-mismatch',
    /the provider proves none of them/,
  ],
])('C10: a promotion claimed %s', (_, given, state, reason, fault) => {
  const found = settled(given)
  expect([found.state, found.reason]).toEqual([state, reason])
  if (fault) expect(found.faults.join('; ')).toMatch(fault)
  else expect(found.faults).toEqual([])
})

test('C10: the events carry whose word it is, and what was not proven of users', () => {
  const found = settled({ probes: proven })
  const drafts = settlementDrafts(found, {
    actor: 'ada',
    run: { id: 1, attempt: 1, workflow: 'release', job: 'record' },
    digest,
    token: 3,
    deployment: 7,
    why: '',
    evidence: found.evidence,
    state: 'executing',
    startedAt: null,
    now: 0,
  })
  expect(drafts.find(({ kind }) => kind === 'verdict')?.data).toMatchObject({
    evidence: { verdict: 'inconclusive' },
    probes: { verdict: 'healthy', reportedBy: 'walk' },
  })
  expect(drafts.at(-1)?.data).toMatchObject({
    reason: 'completed-on-probes',
    error: null,
    doubts: expect.stringMatching(/proven by probes alone/),
  })
})
