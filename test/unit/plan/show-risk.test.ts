import { expect, test } from '@jest/globals'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { planMigrations } from '@relman/core/plan/plan-migrations'
import { planSummary } from '@relman/core/plan/plan-summary'
import { change, facts } from './facts.ts'

const drop = { path: 'db/migrations/2_drop.sql', sql: 'DROP TABLE carts;', status: 'added' as const }
const traffic = { driver: 'command', set: ['set'], get: ['get'] }

test.each([
  ['nothing moves traffic', {}],
  ['traffic moves', { traffic }],
])('P15: an irreversible migration is the first reason, and the way back warns, where %s', (_, policy) => {
  const { policy: read } = facts({}, policy)
  const migrationRisk = planMigrations([drop], { before: [], code: true }, read.risk, '1.3.0')
  const high = () => change({ level: 'high', levelWhy: 'infrastructure (main.tf)' })
  const plan = drawPlan(facts({ changes: [high(), high()], migrations: [drop.path], migrationRisk }, policy))
  expect(plan.risk.reasons[0]?.why).toBe('an irreversible database migration')
  const summary = planSummary(plan, 'd'.repeat(64), [])
  expect(summary).toMatch(/\*\*Way back\*\* \|.*\*\*it may not run on the new schema\*\*/)
  expect(summary).toMatch(/\*\*Risk\*\* \| \*\*high\*\*: an irreversible database migration \(db\/migrations/)
  expect(summary).toMatch(
    /\| why \| what \|\n\|---\|---\|\n\| an irreversible database migration: data is gone/,
  )
})

test('P5: an edited migration is told after what changes something, and as what it is', () => {
  const levelWhy = 'an edited database migration (db/migrations/1_a.sql)'
  const edited = change({ level: 'high', levelWhy })
  const other = change({ level: 'high', levelWhy: 'payment (src/pay.ts)' })
  const plan = drawPlan(facts({ changes: [edited, other] }))
  expect(plan.risk.reasons.map(({ why }) => why)).toEqual(['payment (src/pay.ts)', levelWhy])
  expect(planSummary(plan, 'd'.repeat(64), [])).toContain('where it ran already it does not run again')
})
