import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { openStage, type Stage } from './stage.ts'

jest.setTimeout(120_000)
let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  await stage.close()
  expect(stage.hub.violations).toEqual([])
})

const exception = { reason: 'agreed at the release meeting', by: 'lee' }
const split = {
  reasons: [{ code: 'several-majors' as const, text: '2 unrelated breaking changes' }],
  releases: [
    { changes: ['a'], level: 'low' as const, breaking: true, about: 'a' },
    { changes: ['b'], level: 'high' as const, breaking: true, about: 'b' },
  ],
}
const migrationRisk = {
  class: 'CONTRACT' as const,
  level: 'high' as const,
  previousVersionRuns: false,
  words: ['a.sql: CONTRACT'],
  blocked: ['a.sql drops a column'],
  oneWay: [],
  unread: 0,
}

const reversed = { path: 'a.sql', test: 'test/a.ts', wanted: 'test/a.*', check: 'migrations' }

const cases = [
  ['a release that is to be split', { split: { ...split, exception: null } }, 'no-go', 'scope-incoherent'],
  ['a split that is excepted', { split: { ...split, exception } }, 'go', 'criteria-met'],
  [
    'a migration that takes away what the previous version uses',
    { migrationRisk: { ...migrationRisk, exception: null } },
    'no-go',
    'migration-blocked',
  ],
  ['the same with an exception', { migrationRisk: { ...migrationRisk, exception } }, 'go', 'criteria-met'],
  [
    'a migration without a way back',
    { migrationRisk: { ...migrationRisk, blocked: [], oneWay: ['a.sql'], exception: null } },
    'no-go',
    'migration-one-way',
  ],
  [
    'a migration that is mended forward',
    { migrationRisk: { ...migrationRisk, blocked: [], exception: null } },
    'go',
    'criteria-met',
  ],
  [
    'a migration that a rollback reverses without a test',
    {
      migrationRisk: {
        ...migrationRisk,
        blocked: [],
        exception: null,
        reversed: [{ ...reversed, test: null }],
      },
    },
    'no-go',
    'migration-untested',
  ],
  [
    'the same with its test, which a check runs that is not there',
    { migrationRisk: { ...migrationRisk, blocked: [], exception: null, reversed: [reversed] } },
    'inconclusive',
    'check-missing',
  ],
  ['a policy that moves no traffic', { policy: { traffic: undefined } }, 'no-go', 'no-traffic-driver'],
  ['a policy that measures nothing', { policy: { metrics: undefined } }, 'no-go', 'nothing-measured'],
  [
    'a policy that measures nothing and asks',
    { policy: { metrics: undefined, rollout: { inconclusive: 'ask' } } },
    'go',
    'criteria-met',
  ],
  ['a policy that only observes', { policy: { mode: 'observe', traffic: undefined } }, 'go', 'criteria-met'],
] as const

test.each(cases)('P6, P15, G15: the gate and %s', async (_, change, decision, reason) => {
  const digest = await stage.plan(change as never)
  const { outputs, summary } = await stage.gate({ stage: 'scope', digest })
  expect([outputs['decision'], outputs['reason-code']]).toEqual([decision, reason])
  if (decision === 'no-go') expect(summary).toContain(`\`${reason}\``)
})
