import { expect, test } from '@jest/globals'
import { paceOf } from '../../../actions/plan-release/beyond-fixes.ts'
import { change } from '../plan/facts.ts'

const fix = change()
const feature = change({ kind: 'feat', title: 'cart', pull: 7 })
const breaking = change({ breaking: true })

test.each([
  ['a hotfix of fixes', 'hotfix', [fix], 0, 'hotfix'],
  ['a security release of fixes', 'security', [fix], 0, 'security'],
  ['with a feature', 'hotfix', [fix, feature], 0, 'minor'],
  ['with a feature that was undone', 'hotfix', [fix, { ...feature, reverted: true }], 0, 'hotfix'],
  ['with a breaking fix', 'security', [breaking], 0, 'major'],
  ['with commits that nobody judged', 'security', [fix], 2, 'minor'],
  ['a minor keeps its own', 'minor', [breaking], 2, 'minor'],
] as const)('P12, G6: %s takes the time of what it brings', (_, type, changes, hidden, pace) => {
  const found = paceOf({ type, changes, hidden })
  expect(found.pace).toBe(pace)
  expect(found.why.length).toBe(pace === type ? 0 : 1)
})

test('and says what makes it so', () => {
  expect(paceOf({ type: 'hotfix', changes: [feature, breaking], hidden: 0 }).why[0]).toMatch(
    /this hotfix release brings more than fixes \(.*cart.* and 1 more\)/,
  )
})
