import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Clone, openClone } from './clone.ts'

const policy = `
service: checkout
traffic: { driver: command, set: [./set], get: [./get] }
metrics: { checks: [{ kind: ratio, name: errors, total: t, events: e }] }
`
const excepted = (version: string, from: string): string =>
  `${policy}risk: { exceptions: [{ version: ${version}, from: ${from}, reason: agreed at the release meeting, by: lee }] }\n`

let clone: Clone
beforeEach(() => {
  clone = openClone()
  clone.commit('feat: begin', {
    '.github/relman.yml': policy,
    'db/migrations/001_a.sql': 'CREATE TABLE a (id int);',
    'db/migrations/001_a.down.sql': 'DROP TABLE a;',
  })
  clone.tag('v1.0.0')
})
afterEach(() => clone.close())

test('P15, G15: a migration that takes away what the previous version uses is blocked beside code', () => {
  clone.commit('fix: drop it', {
    'db/migrations/002_drop.sql': 'ALTER TABLE a DROP COLUMN old;',
    'src/a.ts': 'x',
  })
  const { plan, summary } = clone.plan()
  expect(plan.migrationRisk).toMatchObject({
    class: 'IRREVERSIBLE',
    level: 'high',
    previousVersionRuns: false,
    oneWay: ['db/migrations/002_drop.sql'],
    exception: null,
  })
  expect(plan.migrationRisk.blocked[0]).toMatch(/002_drop\.sql .*ship it in a later release/)
  expect(plan.risk.reversibility).toMatch(/may not run on the new schema \(IRREVERSIBLE\)/)
  expect(summary).toMatch(/The gate will say no-go:\*\*\n> - .*002/)
  expect(summary).toMatch(/may \*\*not\*\* run on the new schema/)
})

test('an exception of this version is in the plan, with its reason; one of another version is not', () => {
  for (const version of ['9.9.9', '1.0.1']) {
    clone.commit('chore: policy', { '.github/relman.yml': excepted(version, 'migration') })
  }
  clone.tag('base')
  clone.commit('fix: drop it', {
    'db/migrations/002_drop.sql': 'ALTER TABLE a DROP COLUMN old;',
    'src/a.ts': 'x',
  })
  const { plan, summary } = clone.plan({ from: 'base' })
  expect([plan.version, plan.migrationRisk.exception]).toEqual([
    '1.0.1',
    { reason: 'agreed at the release meeting', by: 'lee' },
  ])
  expect(summary).not.toMatch(/will say no-go/)
  expect(summary).toMatch(/Excepted by lee: agreed at the release meeting/)
})

test.each([
  [
    'adds a column, with its way down',
    {
      'db/migrations/002_b.sql': 'ALTER TABLE a ADD COLUMN b int;',
      'db/migrations/002_b.down.sql': 'ALTER TABLE a DROP COLUMN b;',
    },
    { class: 'EXPAND', previousVersionRuns: true, blocked: [], oneWay: [] },
  ],
  [
    'declares that it is mended forward',
    { 'db/migrations/002_b.sql': '-- forward-fix: run it again\nALTER TABLE a ADD COLUMN b int;' },
    { class: 'EXPAND', oneWay: [] },
  ],
  [
    'has neither',
    { 'db/migrations/002_b.sql': 'ALTER TABLE a ADD COLUMN b int;' },
    { class: 'EXPAND', oneWay: ['db/migrations/002_b.sql'] },
  ],
  [
    'is no SQL that anybody reads',
    { 'db/migrations/002_b.py': 'run()' },
    { class: 'UNKNOWN', level: 'high', previousVersionRuns: false },
  ],
])('G15: a migration that %s', (_, files, expected) => {
  clone.commit('fix: a', files)
  expect(clone.plan().plan.migrationRisk).toMatchObject(expected)
})

test('P15: each migration that a rollback reverses is named with its own test, and one without a test is no-go', () => {
  clone.commit('chore: policy', {
    '.github/relman.yml': "rollback: { reversed: [{ paths: ['db/**'], test: 'test/db/{{name}}.*' }] }\n",
    'db/migrations/001_a.sql': 'CREATE TABLE a (id int);',
  })
  clone.commit('feat: b', {
    'db/migrations/002_b[1].up.sql': 'ALTER TABLE a ADD COLUMN b int;',
    'db/migrations/002_b[1].down.sql': 'ALTER TABLE a DROP COLUMN b;',
    'test/db/002_b[1].test.ts': '',
    'db/migrations/003_c.sql': 'ALTER TABLE a ADD COLUMN c int;',
    'db/migrations/003_c.down.sql': 'ALTER TABLE a DROP COLUMN c;',
  })
  const { plan, summary } = clone.plan()
  expect(plan.migrationRisk.reversed.map(({ path, test }: Record<string, string>) => [path, test])).toEqual([
    ['db/migrations/002_b[1].up.sql', 'test/db/002_b[1].test.ts'],
    ['db/migrations/003_c.sql', null],
  ])
  expect(plan.rollback.database).toMatch(
    /reversed by a script: .*002_b\[1\]\.up\.sql \(tested by test\/db\/002_b\[1\]\.test\.ts\), .*003_c\.sql \(NOT tested\)/,
  )
  expect(summary).toMatch(/The gate will say no-go:[\s\S]*003.*has no test of its own/)
})

test('a migration that was there before and is edited is said; a dump of the schema is none', () => {
  clone.commit('fix: a', { 'db/migrations/001_a.sql': 'CREATE TABLE a (id bigint);' })
  expect(clone.plan().plan.migrationRisk.words.join()).toMatch(
    /001_a\.sql was there before this release and is edited/,
  )
  clone.tag('v1.0.1')
  clone.commit('fix: b', { 'db/structure.sql': 'CREATE TABLE b (id int);' })
  const { plan } = clone.plan()
  expect([plan.migrationRisk, plan.risk.level]).toEqual([null, 'high'])
})

test('a migration that came and went within the release is none', () => {
  clone.commit('fix: a', { 'db/migrations/002_b.sql': 'DROP TABLE a;' })
  clone.git('rm', '-q', 'db/migrations/002_b.sql')
  clone.commit('fix: not that', { 'src/a.ts': 'x' })
  expect(clone.plan().plan.migrationRisk).toBeNull()
})

test('P6: several unrelated breaks are to be split, the least risky first, and it is no-go until they are', () => {
  clone.commit('feat(cart)!: another cart', { 'src/cart/a.ts': 'x' })
  clone.commit('feat(search)!: another search', { 'src/search/a.ts': 'x' })
  clone.commit('docs: a word', { 'README.md': 'x' })
  const { plan, summary } = clone.plan()
  expect(plan.split.reasons).toEqual([
    {
      code: 'several-majors',
      text: expect.stringMatching(/^2 unrelated breaking changes in one release, more than 1/),
    },
  ])
  expect(plan.split.releases.map(({ changes }: { changes: string[] }) => changes.length)).toEqual([2, 1])
  expect(plan.split.exception).toBeNull()
  expect(plan.criteria.map(({ id }: { id: string }) => id)).toContain('coherent-scope')
  expect(summary).toMatch(/to be split: 2 unrelated breaking changes/)
  clone.commit('chore: policy', { '.github/relman.yml': excepted('2.0.0', 'split') })
  expect(clone.plan().plan.split.exception).toEqual({ reason: 'agreed at the release meeting', by: 'lee' })
})

test('P5, P6: what a start by hand leaves out ships all the same: it is said, and nobody judged it, so the risk is high', () => {
  clone.commit('feat: more', { 'src/a.ts': 'x' })
  clone.tag('v1.1.0-rc.1')
  clone.commit('docs: typo', { 'README.md': 'x' })
  for (const from of ['HEAD~1', 'v1.1.0-rc.1']) {
    const { plan, summary } = clone.plan({ from, type: 'patch' })
    expect([plan.changes.length, plan.risk.level, plan.signoffs.length > 0]).toEqual([1, 'high', true])
    expect(plan.gaps).toContainEqual(expect.stringMatching(/^1 commit since v1\.0\.0 before .* ships too/))
    expect(summary).toMatch(/nobody judged what is in it/)
  }
  expect(clone.plan({ from: 'v1.0.0' }).plan.gaps.join()).not.toMatch(/ships too/)
})

test("P6: the tolerance is the configuration's", () => {
  clone.commit('fix: a')
  clone.commit('fix: b')
  expect(clone.plan().plan.split).toBeNull()
  clone.commit('fix: c', {
    '.github/relman.yml': `${policy}risk: { tolerance: { changes: { high: 2 } } }\n`,
  })
  expect(clone.plan().plan.split.reasons[0]).toMatchObject({ code: 'too-many' })
})

test('G12: changes are ranked by how likely they need repair, with reasons; lock files do not count', () => {
  const lines = (count: number) => 'x\n'.repeat(count)
  clone.commit('fix: large', {
    ...Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`src/large-${index}.ts`, lines(60)])),
  })
  clone.commit('chore: lock', { 'package-lock.json': lines(9_000), 'yarn.lock': lines(9_000) })
  clone.commit('fix: small', { 'src/small.ts': 'x' })
  const { plan, summary } = clone.plan()
  const { score } = plan
  expect(score.first.map(({ item }: { item: string }) => item.replace(/^\S+ /, ''))).toEqual([
    'large',
    'small',
    'lock',
  ])
  expect(score.first[0].probability).toBeGreaterThan(score.average)
  expect(score.first[0].words).toMatch(/adds 720 lines .*touches 12 files/)
  expect(score.expected).toBeCloseTo(
    score.first.reduce((sum: number, { probability }: { probability: number }) => sum + probability, 0),
    2,
  )
  expect(summary).toMatch(/\*\*Look here first\.\*\*[\s\S]*large: \d+ %, it /)
  const [small] = plan.changes
  expect(small).toMatchObject({ title: 'small', files: 1, lines: { added: 1, deleted: 0 } })
  // One input of several: the level comes from what is touched, and no criterion asks for the score.
  expect(plan.risk.level).toBe('medium')
  expect(JSON.stringify(plan.criteria)).not.toMatch(/score|repair/)
})

test('P5: the lines of a release of many hundreds of changes are read, and those of a mass move are not', () => {
  const blob = (path: string, text: string) => `M 100644 inline ${path}\ndata ${text.length}\n${text}\n`
  const commit = (title: string, index: number, files: string) =>
    [
      'commit refs/heads/main',
      `committer Ada <ada@example.org> ${1_790_000_000 + index} +0000`,
      `data ${title.length}\n${title}`,
      ...(index === 0 ? ['from refs/heads/main^0'] : []),
      files,
    ].join('\n')
  const many = Array.from({ length: 700 }, (_, index) =>
    commit(`fix: number ${index}`, index, blob(`src/a-${index % 9}.ts`, 'x\n'.repeat(index + 1))),
  )
  const moved = Array.from({ length: 2_001 }, (_, index) => blob(`lib/${index}.ts`, 'y\n')).join('')
  clone.importStream([...many, commit('refactor: move all', 700, moved)].join('\n'))
  const { plan } = clone.plan()
  const lines = plan.changes.map((change: { lines: unknown }) => change.lines)
  expect(lines).toHaveLength(701)
  expect(lines[0]).toBeNull()
  expect(lines.slice(1).filter((each: unknown) => each === null)).toEqual([])
  expect(lines[700]).toEqual({ added: 1, deleted: 0 })
  expect(plan.score.known).toContain('la')
  expect(plan.gaps.join('\n')).toMatch(
    /the lines of 1 of 701 changes were not read \(they touch too many files, or took too long\)/,
  )
})

test('a clone without file contents is not made to fetch them for the score: that is a gap', () => {
  clone.commit('fix: a')
  clone.git('config', 'remote.origin.promisor', 'true')
  const { plan } = clone.plan()
  expect(plan.gaps.join('\n')).toMatch(
    /the lines of the changes were not read \(the clone has no file contents\)/,
  )
  expect(plan.score.known).toEqual(['fix', 'nd', 'nf', 'ns'])
  expect(plan.changes[0].lines).toBeNull()
})

test('a traffic driver without a check is said in the plan and in its summary', () => {
  clone.commit('fix: a', { '.github/relman.yml': 'traffic: { driver: command, set: [./set], get: [./get] }' })
  const { plan, summary } = clone.plan()
  expect(plan.gaps.join('\n')).toMatch(
    /no metric is configured .*; the gate refuses that before anybody is asked/,
  )
  expect(summary).toMatch(/will say no-go:\*\*\n> - traffic is moved but nothing is measured/)
})
