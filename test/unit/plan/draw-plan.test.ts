import { expect, test } from '@jest/globals'
import { deploymentPlan } from '@relman/core/plan/deployment-plan'
import { digestPlan } from '@relman/core/plan/digest-plan'
import { drawPlan, signoffsFor } from '@relman/core/plan/draw-plan'
import { planSummary } from '@relman/core/plan/plan-summary'
import { change, facts } from './facts.ts'

const full = {
  artifact: 'ghcr.io/acme/shop',
  deploy: { command: ['./deploy'], timeout: '5m' },
  traffic: { driver: 'command', set: ['./traffic'], get: ['./traffic'], timeout: '10s' },
  metrics: {
    prometheus: { url: 'https://prometheus.example' },
    dashboards: ['https://grafana.example/d/1'],
    health: ['https://shop.example/health'],
    checks: [
      { kind: 'ratio', name: 'errors', total: 't', events: 'e', ceiling: '2 %' },
      { kind: 'rate', name: 'orders', total: 't', events: 'o', margins: ['25 %', '10 %'] },
      { kind: 'latency', name: 'tail', histogram: 'h' },
    ],
  },
  rollout: {
    drain: '5s',
    look: '3s',
    steps: [
      { weight: 10, margin: '3 %', min: '10s', max: '60s' },
      { weight: 50, margin: '2 %', min: '20s', max: '60s' },
    ],
  },
  gate: {
    checks: ['unit'],
    criteria: [{ id: 'age', source: 'age', operator: '<', threshold: 14 }],
  },
  signoff: { roles: { operations: { environment: 'ops' } } },
}
const drawn = (more = {}, policy: Record<string, unknown> = full) => drawPlan(facts(more, policy))
const criterion = (id: string) => drawn().criteria.find((each) => each.id === id)?.text

test('P14: every criterion is written so that it can be measured', () => {
  expect(drawn().criteria.map(({ id }) => id)).toEqual([
    'checks',
    'age',
    'rollback-plan',
    'signoff-engineering',
    'health-errors',
    'health-orders',
    'health-tail',
  ])
  expect(criterion('checks')).toBe('1 named checks have the result success on ccccccc: unit')
  expect(criterion('age')).toBe('age < 14')
  expect(criterion('signoff-engineering')).toMatch(
    /^1 person other than the authors.*environment signoff-engineering/,
  )
  expect(criterion('health-errors')).toBe(
    'errors: at 10 / 50 % of traffic the share of bad requests is above that of the stable version by less than 3 / 2 percentage points, and never above 2 %; proven with at most 1 % chance of a false alarm',
  )
  expect(criterion('health-orders')).toMatch(/count per request is below .* by less than 25 \/ 10 %;/)
  expect(criterion('health-tail')).toMatch(/the p99 is above .* by less than 30 \/ 20 %;/)
  const bare = drawn({}, {}).criteria
  expect(bare.find(({ id }) => id === 'checks')?.text).toMatch(/^0 checks .* failed or are pending$/)
  expect(bare.find(({ id }) => id === 'health')?.text).toMatch(/No metric is configured/)
})

test('P15: steps in order with their time, executor, triggers, database, state, previous', () => {
  const { rollback } = drawn({ migrations: ['db/migrate/1.sql'] })
  expect(rollback.steps.map(({ text, seconds }) => [text.split(' ')[0], seconds])).toEqual([
    ['Set', 10],
    ['Read', 10],
    ['Let', 5],
    ['Check', 6],
    ['Run', 300],
  ])
  expect(rollback.seconds).toBe(331)
  expect(rollback.previous).toBe('ghcr.io/acme/shop at 1.2.3')
  expect(rollback.triggers.slice(0, 4)).toEqual([
    'errors: evidence against the new version reaches 100 to 1',
    'orders: evidence against the new version reaches 100 to 1',
    'tail: evidence against the new version reaches 100 to 1',
    'health endpoints of the new version stop answering',
  ])
  expect(rollback.database).toMatch(
    /^1 migration file \(db\/migrate\/1\.sql\): the previous version must run/,
  )
  expect(rollback.state).toBe('none declared')
})

test('P15: a first release, and one without a traffic driver, say what they cannot do', () => {
  const first = drawn({ previous: null })
  expect([first.rollback.previous, first.risk.reversibility]).toEqual([
    null,
    'there is no earlier version to return to',
  ])
  expect(first.rollback.steps.some(({ text }) => text.startsWith('Run'))).toBe(false)
  const bare = drawn({}, {})
  expect(bare.rollback.steps).toHaveLength(1)
  expect(bare.risk.blast).toBe('all users at once: no traffic driver is configured')
  expect(bare.gaps).toHaveLength(3)
})

test('P16: where relman neither moves traffic nor deploys, no time is promised and the way back is by hand', () => {
  const bare = (more = {}, policy = {}) => deploymentPlan(drawn(more, policy), 'd'.repeat(64))
  expect(bare()).toMatch(
    /\*\*Rollback Time\*\*: none is known: 1\.2\.3 is brought back by hand, since relman neither moves traffic nor deploys here\n/,
  )
  expect(bare()).toMatch(/\*\*Steps\*\*, by hand\n\n1\. Stop the rollout .* no share to take back\n/)
  expect(bare()).not.toMatch(/at most 0 s|undo job/)
  expect(bare({ previous: null })).toContain(
    '**Rollback Time**: none is known: there is no earlier version\n',
  )
  expect(bare({}, { rollback: { executor: 'the engineer on call' } })).toContain(
    '**Steps**, by hand: the engineer on call\n',
  )
  const deployed = bare({}, { deploy: { command: ['./deploy'], timeout: '5m' } })
  expect(deployed).toMatch(
    /Rollback Time\*\*: at most 5 min\n[\s\S]*\*\*Steps\*\*, by relman, by the undo job/,
  )
})

test('P16: exactly these sections, each with what it must hold', () => {
  const text = deploymentPlan(drawn({ gaps: ['a gap'] }), 'd'.repeat(64))
  const parts = text.split(/^#{2,3} /m).slice(1)
  expect(parts.map((part) => part.split('\n')[0])).toEqual([
    'Deployment Plan: 1.3.0',
    'Risk Assessment',
    'Pre-Deployment Checklist',
    'Deployment Steps',
    'Rollback Procedure',
    'Monitoring',
  ])
  const [, risk = '', checklist = '', steps = '', back = '', monitoring = ''] = parts
  expect(risk.match(/\*\*(.*?)\*\*/g)).toEqual(['**Risk Level**', '**Rollback Time**', '**Blast Radius**'])
  expect(risk).toMatch(
    /Level\*\*: medium, .*\n.*at most 6 min\n.*10 % of requests at the first step, for 15 s to 60 s/,
  )
  expect(checklist).toMatch(/- \[ \] Communication plan: .*\n- \[ \] Known gap: a gap/)
  expect(checklist.split('- [ ]')).toHaveLength(12)
  expect(steps.split('\n').filter((line) => /^\d\./.test(line))).toEqual([
    expect.stringMatching(/^1\. Deploy 1\.3\.0 .*`\.\/deploy`, at most 5 min\. Checkpoint: /),
    expect.stringMatching(/^2\. Flags: none/),
    expect.stringMatching(/^3\. Rollout 10 %: expected 20 s to 65 s\. Checkpoint: .* 3 percentage points/),
    expect.stringMatching(/^4\. Rollout 50 %: expected 35 s to 65 s\. Checkpoint: .* 2 percentage points/),
    expect.stringMatching(/^5\. Rollout 100 %: expected 93 s\. Checkpoint: /),
  ])
  expect(steps).toMatch(/Expected duration: 2 min to 4 min/)
  expect(back).toMatch(/\*\*Trigger conditions\*\*\n\n- errors[\s\S]*\*\*Steps\*\*, by relman.*\n\n1\. Set/)
  expect(monitoring).toMatch(
    /\*\*Dashboards\*\*: .*grafana.*\n- \*\*Key metrics\*\*: errors \(ratio\), orders \(rate\), tail \(latency\)\n- \*\*Alert thresholds\*\*: .*100 to 1.*errors above 2 %/,
  )
})

test('P5: the highest item sets the level and is named; what was undone does not count', () => {
  const changes = [
    change({ level: 'low', levelWhy: 'tests' }),
    change({ title: 'pay', pull: 9, level: 'high', levelWhy: 'payment' }),
    change({ level: 'high', levelWhy: 'gone', reverted: true }),
  ]
  const { risk, signoffs } = drawn({ changes })
  expect(risk).toMatchObject({ level: 'high', reasons: [{ item: '#9 pay', why: 'payment', level: 'high' }] })
  expect(signoffs).toEqual([
    { role: 'engineering', environment: 'signoff-engineering' },
    { role: 'operations', environment: 'ops' },
  ])
  expect(drawn({ changes: [] }).risk).toMatchObject({ level: 'low', reasons: [] })
})

test('a role stands once, however often the policy names it', () => {
  const { policy } = drawn({}, { signoff: { high: ['qa', 'qa'] } })
  expect(signoffsFor(policy, 'high')).toEqual([{ role: 'qa', environment: 'signoff-qa' }])
})

test('the same facts give the same digest, any other fact another', () => {
  const changes = [change()]
  const sha256 = (text: string) => text
  const of = (more = {}) => digestPlan(drawn({ changes, ...more }), sha256).digest
  expect(of()).toBe(of())
  const others = [
    { revision: 2 },
    { sha: 'e'.repeat(40) },
    { author: 'x' },
    { gaps: ['y'] },
    { plannedAt: 'z' },
  ]
  expect(new Set([of(), ...others.map(of)]).size).toBe(others.length + 1)
})

test('G11: the summary of 5,000 changes is short enough for GitHub and keeps the deciding row', () => {
  const changes = Array.from({ length: 5_000 }, (_, index) =>
    change({ title: `${index} ${'x'.repeat(400)}` }),
  )
  const why = changes.map(({ sha, subject }, index) => ({
    sha,
    subject,
    rule: 'type fix',
    level: 'patch' as const,
    decides: index === 0,
  }))
  const text = planSummary(drawn({ changes, why }), 'd'.repeat(64), [])
  expect(text.length).toBeLessThan(200_000)
  expect(text).toMatch(/← decides/)
  expect(text).toMatch(/and \d+ more/)
})
