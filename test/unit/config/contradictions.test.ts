import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { fault } from './fault.ts'

const order = 'promotion:\n  environments: [alpha, staging, production]\n'

test.each([
  [
    'an environment that nothing is promoted to',
    `${order}  confirm:\n    stagin: { command: [./smoke] }\n`,
    /^f:4:\d+: promotion\.confirm\.stagin: is not one of promotion\.environments before the last \(alpha, staging\); did you mean "staging"\?$/,
  ],
  [
    'an environment to confirm where none is named',
    'promotion: { confirm: { alpha: { command: [./smoke] } } }\n',
    /^f:1:\d+: promotion\.confirm\.alpha: .*\(there are none\)$/,
  ],
  [
    'an environment that stands twice',
    'promotion:\n  environments: [alpha, alpha, production]\n',
    /^f:2:25: promotion\.environments\[1\]: stands in environments\[0\] already: write each environment once, not "alpha"$/,
  ],
  [
    'an order that ends elsewhere',
    'promotion:\n  environments: [production, alpha]\n',
    /^f:2:\d+: promotion\.environments\[1\]: write the environment of the rollout last \(rollout\.environment: production\), not "alpha"$/,
  ],
  [
    'a code freeze before the feature freeze',
    'freeze:\n  dates:\n    1.4.0: { feature: 2026-12-08, code: 2026-12-01 }\n',
    /^f:3:\d+: freeze\.dates\.1\.4\.0\.code: comes before the feature freeze \(2026-12-08\): write a later time, or swap them, not "2026-12-01"$/,
  ],
  [
    'a calendar outside the repository',
    'schedule: { calendars: [{ source: ../../etc/passwd }] }\n',
    /^f:1:\d+: schedule\.calendars\[0\]\.source: write a path inside the repository .*, not "\.\.\/\.\.\/etc\/passwd"$/,
  ],
  ['an absolute path', 'schedule: { calendars: [{ source: /etc/passwd }] }\n', /inside the repository/],
])('%s is refused where it stands', (_, text, sentence) => expect(fault(text)).toMatch(sentence))

test.each([
  ['an order with its confirmations', `${order}  confirm: { staging: { command: [./smoke] } }\n`],
  [
    'the rollout of a component elsewhere',
    'promotion: { environments: [staging, shop] }\ncomponents: { web: { path: web, rollout: { environment: shop } }, api: { path: api } }\n',
  ],
  ['freezes on one day', 'freeze: { dates: { 1.4.0: { feature: 2026-12-08T12:00, code: 2026-12-08 } } }\n'],
  [
    'freezes in other zones',
    'freeze: { dates: { 1.4.0: { feature: "2026-12-08T12:00:00+09:00", code: "2026-12-08T05:00:00Z" } } }\n',
  ],
  [
    'calendars of the repository and of the network',
    'schedule: { calendars: [{ source: ops/..holidays.ics }, { source: "webcal://cal.example/../a.ics" }] }\n',
  ],
])('%s can work', (_, text) => expect(fault(text)).toBe(''))

test('a plan that was drawn under such a policy stays readable', () => {
  const dates = { '1.4.0': { feature: '2026-12-08', code: '2026-12-01' } }
  expect(config.safeParse({ freeze: { dates } }).success).toBe(true)
})
