import { expect, test } from '@jest/globals'
import { type Check, checkCriteria } from '@relman/core/gate/check-criteria'
import { type Criterion, criterion } from '@relman/core/gate/criterion'
import { decide } from '@relman/core/gate/decision'
import { policyCriteria } from '@relman/core/gate/policy-criteria'
import { showCriteria } from '@relman/core/gate/show-criteria'
import type { Plan } from '@relman/core/plan/plan'
import { isNewer } from '@relman/core/version/is-newer'
import fc from 'fast-check'

const check = (name: string, state: Check['state']): Check => ({ name, state, url: 'https://example.org/1' })

const checked: [string, string[], Check[], string, string][] = [
  ['all that ran are green', [], [check('a', 'success'), check('b', 'neutral')], 'go', 'criteria-met'],
  ['one is red', [], [check('a', 'success'), check('b', 'failure')], 'no-go', 'check-failed'],
  [
    'the same name green and red',
    ['a'],
    [check('a', 'success'), check('a', 'failure')],
    'no-go',
    'check-failed',
  ],
  ['one still runs', [], [check('a', 'success'), check('b', 'pending')], 'inconclusive', 'check-pending'],
  ['none ran', [], [], 'inconclusive', 'no-checks'],
  ['all were skipped', [], [check('a', 'neutral')], 'inconclusive', 'no-checks'],
  ['a named one never ran', ['b'], [check('a', 'success')], 'inconclusive', 'check-missing'],
  ['a named one was skipped', ['a'], [check('a', 'neutral')], 'inconclusive', 'check-missing'],
  ['only named ones count', ['a'], [check('a', 'success'), check('b', 'failure')], 'go', 'criteria-met'],
]
test.each(checked)('G1: %s', (_, required, checks, decision, reasonCode) => {
  const criteria = checkCriteria(required, checks)
  expect(decide(criteria)).toMatchObject({ decision, reasonCode })
  for (const one of criteria) expect(criterion.parse(one)).toEqual(one)
})

test('G1: missing evidence is never a pass, whatever else there is', () => {
  const states = fc.array(fc.constantFrom('pass', 'fail', 'missing', 'excepted'))
  fc.assert(
    fc.property(states, (all) => {
      const criteria = all.map((state) => ({
        state,
        text: 't',
        observed: null,
        remedy: '',
        reason: state === 'missing' ? 'check-missing' : '',
      }))
      const { decision } = decide(criteria as unknown as Criterion[])
      const passes = all.length > 0 && all.every((state) => state === 'pass' || state === 'excepted')
      expect(decision === 'go').toBe(passes)
      if (all.includes('fail')) expect(decision).toBe('no-go')
    }),
  )
})

const configured = { id: 'c', name: '', remedy: '', owner: '' }
const plan = { risk: { level: 'medium' }, plannedAt: '2026-01-01T00:00:00Z' } as Plan
const policies: [string, object, string][] = [
  ['risk at most medium', { source: 'risk', operator: '<=', threshold: 'medium' }, 'pass'],
  ['risk below medium', { source: 'risk', operator: '<', threshold: 'medium' }, 'fail'],
  ['a level that does not exist', { source: 'risk', operator: '<', threshold: 'severe' }, 'missing'],
  ['a plan of the last day', { source: 'age', operator: '<=', threshold: 24 }, 'pass'],
  ['a plan of the last hour', { source: 'age', operator: '<=', threshold: '1' }, 'fail'],
  ['a check by name', { source: 'check', name: 'a', operator: '=', threshold: 'success' }, 'pass'],
  ['a check that runs', { source: 'status', name: 'b', operator: '=', threshold: 'success' }, 'missing'],
  [
    'a check that is not there',
    { source: 'check', name: 'z', operator: '=', threshold: 'success' },
    'missing',
  ],
  ['words have no order', { source: 'check', name: 'a', operator: '>', threshold: 'failure' }, 'missing'],
]
test.each(policies)('G1: %s', (_, about, state) => {
  const evidence = {
    plan,
    checks: [check('a', 'success'), check('b', 'pending')],
    now: Date.parse('2026-01-01T12:00:00Z'),
  }
  const [judged] = policyCriteria([{ ...configured, ...about } as never], evidence)
  expect(judged?.state).toBe(state)
})

test('the table is inert, and what stands in the way comes first', () => {
  const evil = '| <b>@ada</b> [x](https://evil.example) `c`\n'
  const hostile = {
    ...checkCriteria([evil], [])[0],
    evidence: 'https://ok.example/1',
    remedy: evil,
    owner: evil,
  } as Criterion
  const green = checkCriteria([], [check('a', 'success')])[0] as Criterion
  const table = showCriteria([green, hostile])
  expect(table.split('\n')).toHaveLength(4)
  expect(table).not.toMatch(/(?<!\\)<b>|(?<!\\)\[x\]\(|@ada/)
  expect(table.indexOf('missing')).toBeLessThan(table.indexOf('pass'))
  expect(table).toContain('[evidence](https://ok.example/1)')
  expect(showCriteria([{ ...green, evidence: 'javascript:alert(1)' }])).not.toContain('](javascript')
})

test.each([
  ['1.2.0', '1.1.9', true],
  ['1.1.9', '1.2.0', false],
  ['1.2.0', '1.2.0', false],
  ['1.2.0', '1.2.0-rc.1', true],
  ['2026.11', '2026.10', true],
  ['2026.11', '2026.11', false],
])('G20: %s against %s', (version, than, newer) => {
  expect(isNewer(version, than)).toBe(newer)
})
