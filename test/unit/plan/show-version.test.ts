import { expect, test } from '@jest/globals'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { planSummary } from '@relman/core/plan/plan-summary'
import { change, facts } from './facts.ts'

const why = (sha: string, subject: string, more = {}) => ({
  ...{ sha, subject, rule: 'type feat', level: 'minor' as const, decides: true },
  ...more,
})

test('P1, P5: a merge says which commits it brings, with rule and level, and which of them decides', () => {
  const named = [
    { sha: 'f8dab2c000', subject: 'feat: hidden | feature', breaking: false },
    { sha: '79ee9f9000', subject: 'fix: important bug', breaking: false },
  ]
  const merge = change({
    ...{ subject: 'v2 candidate', title: 'v2 candidate', kind: 'feat', pull: 9 },
    inside: { commits: 12, apart: false, named },
  })
  const inside = [
    { ...named[0], rule: 'type feat', level: 'minor' as const },
    { ...named[1], rule: 'type fix', level: 'patch' as const },
  ].map(({ sha = '', subject = '', rule, level }) => ({ sha, subject, rule, level }))
  const plan = drawPlan(facts({ changes: [merge], why: [why(merge.sha, 'v2 candidate', { inside })] }))
  const summary = planSummary(plan, 'd'.repeat(64), [])
  expect(summary).toContain('type feat, of `f8dab2c` feat: hidden')
  expect(summary).not.toContain('hidden | feature')
  expect(summary).toMatch(
    /brings 12 commits: `f8dab2c` .*\(type feat → minor\) · `79ee9f9` .*\(type fix → patch\) and 10 more/,
  )
  const titled = change({ ...merge, subject: 'feat: all of it' })
  const own = drawPlan(facts({ changes: [titled], why: [why(titled.sha, 'feat: all of it', { inside })] }))
  expect(planSummary(own, 'd'.repeat(64), [])).not.toContain('type feat, of')
})

test('P5: a merge whose commits are changes of their own says how many it brings', () => {
  const merge = change({ title: 'v2', pull: 9, inside: { commits: 51, apart: true, named: [] } })
  const summary = planSummary(drawPlan(facts({ changes: [merge, change()] })), 'd'.repeat(64), [])
  expect(summary).toContain('brings 51 commits, which are told as changes of their own')
})

test('P1: where another tool decides the version, the change that asks for most is named', () => {
  const undecided = (sha: string, subject: string, rule: string, level: 'minor' | 'patch') =>
    why(sha, subject, { rule, level, decides: false })
  const rows = [
    undecided('a1b2c3d4', 'fix: a', 'type fix', 'patch'),
    undecided('b1b2c3d4', 'feat: b', 'type feat', 'minor'),
    undecided('c1b2c3d4', 'feat: c', 'type feat', 'minor'),
  ]
  const summary = planSummary(drawPlan(facts({ why: rows })), 'd'.repeat(64), ['package.json decided 1.3.0'])
  expect(summary).toContain('| `b1b2c3d` feat: b | type feat | **minor** ← asks for most |')
  expect(summary).toContain('| 1 other change | type feat | minor |')
  expect(summary).toContain('minor: package.json decided 1.3.0')
  const quiet = [why('d1', 'chore: a', { rule: 'type chore', level: 'none', decides: false })]
  expect(planSummary(drawPlan(facts({ why: quiet })), 'd'.repeat(64), [])).not.toContain('asks for most')
})

test('P1: the summary shows the tag of the release', () => {
  const plan = drawPlan(facts({ tag: '@acme/shop@1.3.0' }))
  expect(planSummary(plan, 'd'.repeat(64), [])).toContain('tag `@acme/shop@1.3.0`')
})
