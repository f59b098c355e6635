import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { criticalPath } from '@relman/core/schedule/critical-path'
import { releaseTypes } from '@relman/core/schedule/release-types'
import { taskRules } from '@relman/core/schedule/task'
import { tasksOf } from '@relman/core/schedule/tasks-of'

const of = (type: (typeof releaseTypes)[number], policy: unknown = { mode: 'observe' }) =>
  tasksOf(type, config.parse(policy))

test.each(releaseTypes)(
  'P9, P18: a library in mode observe has no staging, drill and dashboards in a %s',
  (type) => {
    const { rules, why } = of(type)
    const ids = rules.map(({ id }) => id)
    expect(ids).toEqual(
      taskRules[type].map(({ id }) => id).filter((id) => !/staging|drill|dashboards/.test(id)),
    )
    expect(why).toMatch(
      /"(?:Deploy to staging and verify|Smoke test on staging)".*no task here: mode is observe/,
    )
    expect(criticalPath(rules).tasks).toHaveLength(rules.length)
  },
)

test('what waited for them waits for what they waited for', () => {
  const after = (id: string) => of('major').rules.find((rule) => rule.id === id)?.after
  expect([after('signoff'), after('rollout')]).toEqual([['fixes', 'branch'], ['signoff']])
})

test.each([
  ['another mode', { mode: 'advise' }],
  ['a driver', { mode: 'observe', traffic: { driver: 'http', url: 'http://t' } }],
  ['a deployment', { mode: 'observe', deploy: { command: ['true'] } }],
  ['environments', { mode: 'observe', promotion: { environments: ['staging', 'production'] } }],
  ['metrics', { mode: 'observe', metrics: { prometheus: { url: 'http://p' } } }],
])('%s keeps all', (_, policy) => expect(of('minor', policy)).toEqual({ rules: taskRules.minor, why: null }))
