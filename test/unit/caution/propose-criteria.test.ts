import { expect, test } from '@jest/globals'
import type { Ended } from '@relman/core/caution/lessons'
import { proposeCriteria } from '@relman/core/caution/propose-criteria'
import { readConfig } from '@relman/core/config/read-config'
import type { ReleaseState } from '@relman/core/record/event'

const ended = (reason: string, state: ReleaseState = 'rolled-back', why = '', version = '1.0.9'): Ended => ({
  ...{ version, state, reason, why, type: 'patch', sha: null },
})
const metrics = (checks: string, more = '') =>
  readConfig(
    `metrics: { prometheus: { url: 'https://p.example' }, checks: [${checks}]${more} }\n`,
    'relman.yml',
  ).metrics
const errors = '{ kind: ratio, name: errors, total: t, events: e }'
const slack = '{ kind: ratio, name: errors, total: t, events: e, required: false }'
const ids = (past: Ended[], policy = metrics(errors)) => proposeCriteria(past, policy).map(({ id }) => id)

test.each([
  ['latency-above-margin', errors, ['proposed-latency']],
  ['business-decline', errors, ['proposed-business']],
  ['dependency-failures', errors, ['proposed-dependency']],
  ['value-worse', errors, ['proposed-saturation']],
  ['health-checks-failing', errors, ['proposed-health']],
  ['error-rate-above-margin', errors, []],
  ['error-rate-above-margin', slack, ['proposed-errors']],
  ['error-rate-above-margin', `${slack}, ${errors.replace('name: errors', 'name: more')}`, []],
  ['dependency-failures', `${errors.replace('kind', 'about: dependency, kind')}`, []],
  // What is no harm of its own asks for no criterion.
  ['not-proven', errors, []],
  ['rollout-lost', errors, []],
  ['constructor', errors, []],
])('L6: after %s, with the checks %s', (reason, checks, expected) => {
  expect(ids([ended(reason)], metrics(checks))).toEqual(expected)
})

test('L6: without any metric the kind of harm is asked for all the same', () => {
  expect(proposeCriteria([ended('error-rate-above-margin')], undefined)).toEqual([
    {
      id: 'proposed-errors',
      text: 'error-rate < baseline + 0.1 % (a check of kind ratio)',
      from: '1.0.9',
      why: 'it was taken back for error-rate-above-margin, and no check is about errors',
      unseen: true,
    },
  ])
})

test('L6: what a person saw and no check did is asked for in their words', () => {
  const [only, ...more] = proposeCriteria(
    [ended('manual', 'rolled-back', `the basket was empty\u202e\n${'x'.repeat(900)}`)],
    metrics(errors),
  )
  expect(more).toEqual([])
  expect(only?.text).toMatch(/^a check of what a person saw and no check did: the basket was empty x+…$/)
  expect(ids([ended('manual')])).toEqual([])
})

test('L6: each kind once, from the newest of the last five that were exposed', () => {
  const fine = (version: string) => ended('completed', 'completed', '', version)
  const late = ended('latency-above-margin', 'rolled-back', '', '1.0.8')
  const [only] = proposeCriteria([fine('1.0.9'), late, { ...late, version: '1.0.7' }], metrics(errors))
  expect(only?.from).toBe('1.0.8')
  expect(ids([...['9', '8', '7', '6', '5'].map(fine), late])).toEqual([])
  expect(ids([ended('latency-above-margin', 'execution-failed')])).toEqual([])
})
