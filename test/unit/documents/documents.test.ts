import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { changeRequest, requestChange } from '@relman/core/change-request/change-request'
import { communicationPlan } from '@relman/core/communication/communication-plan'
import { showCommunication } from '@relman/core/communication/show-communication'
import { readConfig } from '@relman/core/config/read-config'
import { drawPlan } from '@relman/core/plan/draw-plan'
import type { Plan } from '@relman/core/plan/plan'
import { promotion } from '@relman/core/promotion/promotion'
import { showPromotion } from '@relman/core/promotion/show-promotion'
import { riskRegister } from '@relman/core/register/risk-register'
import { showRegister } from '@relman/core/register/show-register'
import { roster } from '@relman/core/roster/roster'
import { showRoster } from '@relman/core/roster/show-roster'
import type { ReleaseSchedule } from '@relman/core/schedule/release-schedule'
import { change, facts } from '../plan/facts.ts'

const task = (id: string, role: string, owner: string, due: string, more = {}) => ({
  ...{ id, name: `do ${id}`, role, owner, start: due, due, milestone: 'release', after: [] },
  ...{ critical: false, optional: false, late: false, ...more },
})
const milestone = (id: string, at: string) => ({ id, name: id, what: '', offset: 'T', at, notes: [] })
const schedule: ReleaseSchedule = {
  ...{ zone: 'UTC', type: 'minor', governance: 'type sets', tests: 'affected', notice: 0, bake: 1 },
  window: { start: '2026-03-10T10:00:00Z', end: '2026-03-10T12:00:00Z' },
  ...{
    why: 'the first free one',
    score: null,
    considered: 1,
    refused: [],
    critical: [],
    shipBy: null,
    train: null,
  },
  milestones: [
    milestone('feature-freeze', '2026-03-03T10:00:00Z'),
    milestone('code-freeze', '2026-03-07T10:00:00Z'),
  ],
  tasks: [
    task('docs', 'documentation', 'Dora', '2026-03-06T10:00:00Z', { optional: true }),
    task('staging', 'operations', 'Kim', '2026-03-09T10:00:00Z', { late: true }),
  ],
}
const watched = {
  traffic: { driver: 'http', url: 'https://proxy.example/weight' },
  metrics: {
    prometheus: { url: 'https://prometheus.example' },
    checks: [{ kind: 'ratio', name: 'errors', total: 'a', events: 'b' }],
  },
}
const draw = (more: Parameters<typeof facts>[0] = {}, policy: Record<string, unknown> = {}): Plan =>
  drawPlan(facts({ schedule, ...more }, policy))

describe('P17: the risk register', () => {
  test('each risky change has how it is noticed, a way back and an owner; the worst comes first', () => {
    const changes = [
      change({ title: 'words', level: 'low' }),
      change({ title: 'cart', pull: 7, author: 'ana' }),
      change({ title: 'pay', pull: 8, level: 'high', author: 'bo', details: { flag: 'new-pay' } }),
      change({ title: 'gone', level: 'high', reverted: true }),
    ]
    const risks = riskRegister(draw({ changes }, watched))
    expect(risks.map(({ id, level, owner, state }) => [id, level, owner, state])).toEqual([
      ['change-8', 'high', 'bo', 'mitigated'],
      ['late-tasks', 'medium', 'release-owner', 'open'],
      ['change-7', 'medium', 'ana', 'mitigated'],
      ['unnamed-owners', 'low', 'release-owner', 'open'],
    ])
    expect(risks[0]?.noticed).toMatch(/errors, looked at each/)
    expect(risks[0]?.mitigation).toMatch(
      /first exposure .*flag new-pay turns it off; back on 1\.2\.3 in at most/,
    )
  })

  test.each([
    ['no-traffic-driver', {}, {}],
    ['no-metric', {}, {}],
    ['no-way-back', { previous: null }, watched],
    ['unread-changes', { changes: [change({ readable: false })] }, watched],
    ['database', { migrations: ['db/1.sql'] }, watched],
  ] as const)('it names %s', (id, more, policy) => {
    const named = riskRegister(draw(more as Parameters<typeof facts>[0], policy)).map((risk) => risk.id)
    expect(named).toContain(id)
    expect(riskRegister(draw({}, watched)).map((risk) => risk.id)).not.toContain(id)
  })

  test('its page says reach, reversibility and timing, and hostile titles are text', () => {
    const plan = draw({ changes: [change({ title: '<img> | @all' })] }, watched)
    const page = showRegister(plan, riskRegister(plan))
    expect(page).toMatch(
      /\*\*Blast radius\*\*: .*\n- \*\*Reversibility\*\*: .*\n- \*\*Timing\*\*: 2026-03-10 10:00/,
    )
    expect(page).not.toMatch(/<img>|@all/)
  })
})

describe('P18: the communication plan', () => {
  const policy = {
    communication: {
      stakeholders: [{ who: 'support', channel: '#support', hears: ['planned', 'rollback'] }],
    },
  }
  test('who hears what, when, on which channel, and the preparation with owners and due dates', () => {
    const plan = draw({}, policy)
    const { messages, preparation, embargo } = communicationPlan(plan)
    expect(embargo).toBe(false)
    expect(messages.filter(({ who }) => who === 'support')).toEqual([
      expect.objectContaining({ moment: 'planned', at: plan.plannedAt, channel: '#support' }),
      expect.objectContaining({
        moment: 'rollback',
        at: null,
        what: expect.stringMatching(/1\.2\.3 runs again/),
      }),
    ])
    expect(messages.find(({ moment }) => moment === 'code-freeze')?.at).toBe('2026-03-07T10:00:00Z')
    expect(messages.find(({ who }) => who === 'users')).toMatchObject({ moment: 'completed' })
    expect(preparation.map(({ id, owner, due }) => [id, owner, due])).toEqual([
      ['docs', 'Dora', '2026-03-06T10:00:00Z'],
      ['staging', 'Kim', '2026-03-09T10:00:00Z'],
    ])
    expect(showCommunication(plan, communicationPlan(plan))).toMatch(
      /\| `staging` \| .* \*\*late already\*\* \|/,
    )
  })

  test('outside the team nobody hears of a security release before its disclosure', () => {
    const milestones = [milestone('disclosure', '2026-03-10T13:00:00Z')]
    const asked = {
      communication: { stakeholders: [{ who: 'press', channel: 'mail', hears: ['planned', 'disclosure'] }] },
    }
    const { messages } = communicationPlan(
      draw({ type: 'security', schedule: { ...schedule, milestones } }, asked),
    )
    const outside = messages.filter(({ who }) => who === 'press' || who === 'users')
    expect(outside.map(({ moment, at }) => [moment, at])).toEqual([
      ['disclosure', '2026-03-10T13:00:00Z'],
      ['disclosure', '2026-03-10T13:00:00Z'],
    ])
  })
})

describe('P19: the change request', () => {
  test.each([
    ['major', [change()], 'normal', true],
    ['minor', [change()], 'normal', false],
    ['hotfix', [change()], 'emergency', false],
    ['security', [change()], 'emergency', false],
  ] as const)('a %s of %# is %s; the board sees it: %s', (type, changes, kind, cab) => {
    expect(requestChange(draw({ type, changes: [...changes] }), 'd')).toMatchObject({ kind, cab })
  })

  test('it is a document of its own schema, with reason, testing, approvers and the way back', () => {
    const policy = { ...watched, purpose: { theme: 'Faster', objectives: [{ text: 'p99 below 1 s' }] } }
    const request = requestChange(
      draw({ changes: [change({ kind: 'security', title: 'close it' })] }, policy),
      'd',
    )
    expect(changeRequest.parse(JSON.parse(JSON.stringify(request)))).toEqual(request)
    expect(request).toMatchObject({ reason: 'Faster', start: '2026-03-10T10:00:00Z', digest: 'd' })
    expect(request.securityImpact).toMatch(/^1 change: .*close it/)
    expect(request.backout.previous).toBe('1.2.3')
    expect(request.testing.length).toBeGreaterThan(2)
  })
})

describe('P26: people', () => {
  const people = {
    away: [
      { who: 'Kim', from: '2026-03-09', to: '2026-03-11' },
      { who: 'Dora', from: '2026-03-06', to: '2026-03-06', deputy: 'Eve' },
      { who: 'Dora', from: '2026-03-08', to: '2026-03-20' },
    ],
    escalation: [
      { who: 'Kim', within: '10m' },
      { who: 'Lea', within: '15m' },
    ],
    incident: 'runbook 7',
  }
  const found = roster(draw({}, { people, schedule: { owners: { operations: 'Kim' } } }))

  test('who is away when needed, and who stands in', () => {
    expect(found.absences.map(({ who, when, deputy }) => [who, when, deputy])).toEqual([
      ['Kim', 'do staging (2026-03-09), on call in the window (2026-03-10)', null],
      ['Dora', 'do docs (2026-03-06)', 'Eve'],
    ])
  })

  test('the escalation has deadlines that add up', () => {
    expect(found.escalation).toEqual([
      { who: 'Kim', by: 10 },
      { who: 'Lea', by: 25 },
    ])
  })

  test('its page names roles without a person, continuity and the incident plan', () => {
    const page = showRoster(draw({}, { people }), found)
    expect(page).toMatch(/\| documentation \| \*\*nobody is named\*\*/)
    expect(page).toMatch(/\*\*nobody stands in\*\*/)
    expect(page).toMatch(/Continuity\*\*: the record[\s\S]*Incident plan\*\*: runbook 7/)
  })
})

describe('P24, P25: promotion', () => {
  test('the order ends where the rollout ends, and says what stays deployable', () => {
    const order = { promotion: { environments: ['alpha', 'staging', 'production'], keep: 2 } }
    const page = showPromotion(promotion(draw({}, order)))
    expect(page).toMatch(/alpha → staging → production; the same digest throughout, none skipped/)
    expect(page).toMatch(/the last 2 versions stay deployable; the previous one is kept ready for 24 h/)
    expect(promotion(draw()).environments).toEqual(['production'])
  })
  test.each([
    [['alpha', 'alpha', 'production'], /alpha stands twice/],
    [['production', 'alpha'], /ends in alpha, but the rollout ends in production/],
  ])('%j is refused', (environments, sentence) =>
    expect(() => promotion(draw({}, { promotion: { environments } }))).toThrow(sentence),
  )
  test('what confirms an environment that nothing is promoted to is a mistake', () => {
    const confirm = { production: { command: ['./smoke'] } }
    const order = { promotion: { environments: ['alpha', 'production'], confirm } }
    expect(() => promotion(draw({}, order))).toThrow(
      /promotion\.confirm: production is not one of promotion\.environments before the last \(alpha\)/,
    )
  })
})

test.each(['docs/documents.md', 'workflows/plan.md', 'workflows/promote.md'])(
  'the configuration that %s shows is read',
  (page) => {
    const text = readFileSync(join(import.meta.dirname, '../../..', page), 'utf8')
    const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block)
    const shown = blocks.filter((block) => !/^jobs:/m.test(block))
    expect(shown.length).toBeGreaterThan(0)
    for (const block of shown) expect(() => readConfig(block, page)).not.toThrow()
  },
)
