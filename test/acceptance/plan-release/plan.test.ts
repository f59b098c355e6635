import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Clone, openClone } from './clone.ts'

const policy = `
service: checkout
artifact: localhost:1/acme/checkout
traffic: { driver: command, set: [./traffic, set], get: [./traffic, get], timeout: 10s }
metrics:
  prometheus: { url: 'http://prometheus.example:9090' }
  dashboards: ['https://grafana.example/d/1']
  checks:
    - { kind: ratio, name: errors, total: requests_total, events: errors_total, ceiling: 2 % }
risk:
  rules:
    - { level: low, why: a sandbox, paths: ['sandbox/**'] }
    - { level: high, why: it touches the ledger, keywords: [ledger] }
signoff:
  roles: { operations: { environment: ops-approval } }
`

let clone: Clone
beforeEach(() => {
  clone = openClone()
  clone.commit('feat: begin', { '.github/relman.yml': policy })
  clone.tag('v1.0.0')
})
afterEach(() => clone.close())

test('P16: the deployment plan has exactly its sections, in their order', () => {
  clone.commit('fix: a')
  const { deploymentPlan } = clone.plan()
  const headings = deploymentPlan.split('\n').filter((line) => line.startsWith('#'))
  expect(headings).toEqual([
    '## Deployment Plan: 1.0.1',
    '### Risk Assessment',
    '### Pre-Deployment Checklist',
    '### Deployment Steps',
    '### Rollback Procedure',
    '### Monitoring',
  ])
  const part = (heading: string) => deploymentPlan.split(`### ${heading}`)[1]?.split('\n###')[0] ?? ''
  expect(part('Risk Assessment')).toMatch(
    /\*\*Risk Level\*\*: medium[\s\S]*\*\*Rollback Time\*\*: at most 80 s[\s\S]*\*\*Blast Radius\*\*: 1 %/,
  )
  expect(part('Pre-Deployment Checklist')).toMatch(/Communication plan/)
  expect(part('Deployment Steps')).toMatch(/Rollout 1 %: expected[\s\S]*Checkpoint[\s\S]*Rollout 100 %/)
  expect(part('Rollback Procedure')).toMatch(
    /\*\*Trigger conditions\*\*[\s\S]*\*\*Steps\*\*[\s\S]*1\. Set the share/,
  )
  expect(part('Monitoring')).toMatch(
    /\*\*Dashboards\*\*: .*grafana[\s\S]*\*\*Key metrics\*\*: errors[\s\S]*\*\*Alert thresholds\*\*.*100 to 1.*errors above 2 %/,
  )
})

test('P14: each criterion can be measured', () => {
  clone.commit('fix: a')
  const { plan } = clone.plan()
  expect(plan.criteria.length).toBeGreaterThanOrEqual(4)
  for (const { text } of plan.criteria.filter(({ id }: { id: string }) => id !== 'rollback-plan'))
    expect(text).toMatch(/\d/)
  const errors = plan.criteria.find(({ id }: { id: string }) => id === 'health-errors')
  expect(errors.text).toMatch(
    /at 1 \/ 5 \/ 10 \/ 25 \/ 50 % of traffic .* less than 1 \/ 0\.5 \/ 0\.2 \/ 0\.1 \/ 0\.1 percentage points, and never above 2 %/,
  )
})

test('P15: the rollback plan is complete', () => {
  clone.commit('feat: a column', { 'db/migrate/20260101_add.sql': 'ALTER TABLE a ADD b int;' })
  const { rollback, risk, migrations } = clone.plan().plan
  expect(rollback.steps).toHaveLength(4)
  expect(rollback.seconds).toBe(
    rollback.steps.reduce((sum: number, step: { seconds: number }) => sum + step.seconds, 0),
  )
  expect(rollback).toMatchObject({
    executor: 'relman, by the undo job',
    state: 'none declared',
    previous: 'localhost:1/acme/checkout at 1.0.0',
  })
  expect(rollback.triggers.length).toBeGreaterThan(3)
  expect(rollback.database).toMatch(
    /1 migration file .*20260101_add\.sql.*: EXPAND, the previous version runs on the new schema;/,
  )
  expect(migrations).toEqual(['db/migrate/20260101_add.sql'])
  expect(risk.reversibility).toMatch(/the database is not changed back/)
})

const levels: [string, string, Record<string, string>, string, RegExp][] = [
  ['documentation is low', 'docs: a', { 'README.md': 'x' }, 'low', /documentation/],
  ['internal code is medium', 'fix: a', { 'src/a.ts': 'x' }, 'medium', /code/],
  [
    'a migration is high',
    'fix: a',
    { 'db/migrate/1.sql': 'create table baskets (id int);' },
    'high',
    /database migration \(db\/migrate\/1\.sql\)/,
  ],
  ['authentication is high', 'fix: a', { 'src/auth/token.ts': 'x' }, 'high', /authentication/],
  ['payment is high', 'fix: a', { 'src/billing/total.ts': 'x' }, 'high', /payment/],
  ['infrastructure is high', 'fix: a', { 'main.tf': 'x' }, 'high', /infrastructure/],
  ['a break is high', 'fix!: a', { 'src/a.ts': 'x' }, 'high', /breaking/],
  ['a feature without a flag is high', 'feat: a', { 'src/a.ts': 'x' }, 'high', /no flag/],
  ['a feature behind a flag is medium', 'feat: a\n\nFlag: new-cart', { 'src/a.ts': 'x' }, 'medium', /flag/],
  [
    'a rule of the policy decides for its paths',
    'fix: a',
    { 'sandbox/db/migrate/1.sql': 'x' },
    'low',
    /a sandbox/,
  ],
  ['a keyword raises', 'fix: the ledger', { 'README.md': 'x' }, 'high', /ledger/],
  ['16: the policy itself is high', 'chore: a', { '.github/relman.yml': policy }, 'high', /release policy/],
]

test.each(levels)('P5: %s', (_, message, files, level, why) => {
  clone.commit('docs: before', { 'docs/b.md': 'b' })
  clone.commit(
    message,
    level === 'high' && files['.github/relman.yml']
      ? { '.github/relman.yml': `${policy}\n# changed\n` }
      : files,
  )
  const { outputs, plan } = clone.plan()
  expect([outputs['risk'], plan.changes[0].level, plan.changes[0].levelWhy]).toEqual([
    level,
    level,
    expect.stringMatching(why),
  ])
  expect(plan.risk.reasons[0].why).toMatch(level === 'low' ? /./ : why)
})

test('the sign-offs follow from the level, each with its environment', () => {
  clone.commit('feat: a')
  const { outputs } = clone.plan()
  expect(JSON.parse(outputs['signoffs'] ?? '')).toEqual([
    { role: 'engineering', environment: 'signoff-engineering' },
    { role: 'operations', environment: 'ops-approval' },
  ])
})

test('the digest is that of the text of plan.json, and the same facts give the same text', () => {
  clone.commit('fix: a')
  const first = clone.plan()
  expect(createHash('sha256').update(first.text).digest('hex')).toBe(first.outputs['digest'])
  const strip = (text: string) => text.replace(/"plannedAt":"[^"]*"/, '')
  expect(strip(clone.plan().text)).toBe(strip(first.text))
  expect(first.outputs['plan']).toMatch(/plan\.json$/)
})

test('G11: the summary says in one page what ships, why, how risky, how exposed and how undone', () => {
  clone.commit('feat(cart): remember it (#12)')
  clone.commit('Something unreadable')
  const { summary } = clone.plan()
  // What is folded is for whoever asks for more.
  const page = summary.replace(/<details>[\s\S]*?<\/details>/g, '')
  const headings = page.split('\n').filter((line) => line.startsWith('#'))
  expect(headings).toEqual([
    '# checkout 1.1.0 → production',
    '## Why high risk',
    '## Why 1.1.0',
    '## When',
    '## How it is exposed',
    '## How it is undone',
    '## What is not known',
  ])
  expect(summary).toMatch(/remember it[^|]*\| type feat \| \*\*minor\*\* ← decides/)
  expect(summary).toMatch(/1 of 2 changes are not in a form that a rule reads/)
})

test('80: 3,000 changes and 300 nightly builds are planned within a few seconds', () => {
  const stream = Array.from({ length: 3_000 }, (_, index) => {
    const message = `feat: change ${index} (#${index + 1})`
    return `commit refs/heads/main\nmark :${index + 2}\ncommitter A <a@example.org> ${1_800_000_000 + index} +0000\ndata ${message.length}\n${message}\n${index === 0 ? 'from refs/heads/main^0\n' : ''}M 100644 inline src/f${index}.ts\ndata 1\nx\n\n`
  }).join('')
  const tags = Array.from(
    { length: 300 },
    (_, index) => `reset refs/tags/v1.1.0-nightly.${index}\nfrom :${index + 2}\n\n`,
  ).join('')
  clone.importStream(stream + tags)
  const start = Date.now()
  const { outputs, plan } = clone.plan()
  expect(Date.now() - start).toBeLessThan(8_000)
  expect([outputs['version'], plan.changes.length + plan.unlisted.changes]).toEqual(['1.1.0', 3_000])
  expect(plan.changes.length).toBeGreaterThan(1_000)
})
