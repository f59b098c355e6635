import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { assessor, withEdited, withLines } from '@relman/core/risk/assess-change'
import { businessTerms } from '@relman/core/risk/business-terms'
import { matchPath } from '@relman/core/risk/match-path'
import { pathClasses } from '@relman/core/risk/path-classes'
import { inventory } from '@relman/core/scope/inventory'
import { commit, pull } from '../scope/history.ts'

const assess = (message: string, paths: string[] | null, rules: unknown[] = [], labels: string[] = []) => {
  const [item] = inventory([commit('a', `${message} (#1)`, { paths })], [pull(1, { labels })])
  if (!item) throw new Error('no change')
  return assessor(config.parse({ risk: { rules } }).risk.rules)(item)
}

const classes: [string, string, string][] = [
  ['vendor/a/auth.go', 'generated', 'low'],
  ['src/a.test.ts', 'test', 'low'],
  ['test/billing/pay.ts', 'test', 'low'],
  ['db/migrate/1_add.rb', 'migration', 'high'],
  ['app/migrations/0001.py', 'migration', 'high'],
  ['sql/V12__add.sql', 'migration', 'high'],
  ['.github/relman.yml', 'policy', 'high'],
  ['CODEOWNERS', 'policy', 'high'],
  ['.github/CODEOWNERS', 'policy', 'high'],
  ['README.md', 'documentation', 'low'],
  ['a/locales/de.json', 'documentation', 'low'],
  ['LICENSE', 'documentation', 'low'],
  ['src/auth/token.ts', 'access', 'high'],
  ['src/authentication.ts', 'access', 'high'],
  ['src/OAuthClient.java', 'access', 'high'],
  ['src/payment-form.ts', 'payment', 'high'],
  ['src/billing/total.ts', 'payment', 'high'],
  ['main.tf', 'infrastructure', 'high'],
  ['deploy/k8s/a.yaml', 'infrastructure', 'high'],
  ['charts/shop/templates/deployment.yaml', 'infrastructure', 'high'],
  ['charts/shop/templates/_names.tpl', 'infrastructure', 'high'],
  ['deploy/charts/shop/values-prod.yml', 'infrastructure', 'high'],
  ['charts/shop/Chart.lock', 'infrastructure', 'high'],
  ['charts/shop/files/nginx.conf', 'infrastructure', 'high'],
  ['src/components/charts/BarChart.tsx', 'code', 'medium'],
  ['charts/templates/line.ts', 'code', 'medium'],
  ['Dockerfile.prod', 'infrastructure', 'high'],
  ['docker-compose.yml', 'infrastructure', 'high'],
  ['api/openapi.yaml', 'interface', 'medium'],
  ['a.proto', 'interface', 'medium'],
  ['package-lock.json', 'dependency', 'medium'],
  ['a/go.sum', 'dependency', 'medium'],
  ['requirements-dev.txt', 'dependency', 'medium'],
  ['requirements/base.txt', 'dependency', 'medium'],
  ['.github/workflows/ci.yml', 'pipeline', 'medium'],
  ['Makefile', 'pipeline', 'medium'],
  ['config/app.yml', 'configuration', 'low'],
  ['.env.production', 'configuration', 'low'],
  ['src/a.ts', 'code', 'medium'],
  ['src/author.ts', 'code', 'medium'],
]

test.each(classes)('P5: %s is %s, %s', (path, name, level) => {
  const found = pathClasses.find(({ globs }) => matchPath(globs)(path))
  expect(found?.name ?? 'code').toBe(name)
  expect(assess('fix: a', [path]).level).toBe(level)
})

const rule = (more: object) => ({ level: 'low', why: 'ours', ...more })
const natures: [string, Parameters<typeof assess>, string, RegExp][] = [
  ['the highest path counts', ['fix: a', ['README.md', 'main.tf']], 'high', /^infrastructure \(main\.tf\)$/],
  ['no file', ['fix: a', []], 'low', /changes no file/],
  ['a break', ['fix!: a', ['README.md']], 'high', /breaking/],
  ['a feature', ['feat: a', ['src/a.ts']], 'high', /no flag/],
  ['a feature of documentation only', ['feat: a', ['README.md']], 'low', /documentation/],
  ['a feature behind a flag, in words', ['feat: a behind a feature flag', ['src/a.ts']], 'medium', /flag/],
  ['a feature behind a flag, by label', ['feat: a', ['src/a.ts'], [], ['feature-flag']], 'medium', /flag/],
  [
    'a feature behind a flag that touches a migration',
    ['feat: a\n\nFlag: x', ['db/migrate/1.sql']],
    'high',
    /migration/,
  ],
  ['an area of authentication, in code', ['fix(auth): a', ['src/a.ts']], 'high', /^an area of auth/],
  ['an area of payment, its files unknown', ['fix(web/billing): a', null], 'high', /^an area of payment$/],
  ['an area of infrastructure', ['chore(helm): a', ['src/a.ts']], 'high', /^an area of infra/],
  ['an area does not raise documentation', ['docs(auth): a', ['README.md']], 'low', /documentation/],
  ['an area is a word, not a part of one', ['fix(author): a', ['src/a.ts']], 'medium', /code/],
  [
    'an area does not overrule a rule for the paths',
    ['fix(auth): a', ['a.x'], [rule({ level: 'medium', paths: ['*.x'] })]],
    'medium',
    /^ours/,
  ],
  ['unknown is high', ['free', null], 'high', /nothing is known/],
  ['files unknown, type known', ['fix: a', null], 'medium', /files were not read/],
  ['files unknown, a quiet type', ['docs: a', null], 'low', /files were not read/],
  [
    'a rule decides for its paths',
    ['fix: a', ['main.tf'], [rule({ paths: ['**/*.tf'] })]],
    'low',
    /^ours \(main\.tf\)$/,
  ],
  [
    'the first rule decides',
    ['fix: a', ['a.x'], [rule({ paths: ['*.x'] }), rule({ level: 'high', paths: ['a.*'] })]],
    'low',
    /ours/,
  ],
  [
    'a label raises',
    ['docs: a', ['README.md'], [rule({ level: 'high', labels: ['risky'] })], ['risky']],
    'high',
    /^ours \(label risky\)$/,
  ],
  [
    'a keyword raises, in any case',
    ['docs: the LEDGER', ['README.md'], [rule({ level: 'high', keywords: ['ledger'] })]],
    'high',
    /^ours \("ledger" in the message\)$/,
  ],
  [
    'a keyword does not lower',
    ['fix: a safe one', ['main.tf'], [rule({ keywords: ['safe'] })]],
    'high',
    /infrastructure/,
  ],
  [
    'an empty keyword says nothing',
    ['docs: a', ['README.md'], [rule({ level: 'high', keywords: [''] })]],
    'low',
    /documentation/,
  ],
]

test.each(natures)('P5: %s', (_, ask, level, why) => {
  expect(assess(...ask)).toMatchObject({ level, why: expect.stringMatching(why) })
})

test('P5: migrations are named, also where a rule lowers nothing of them', () => {
  expect(assess('fix: a', ['db/migrate/2.sql', 'a.ts', 'db/migrate/1.sql']).migrations).toEqual([
    'db/migrate/2.sql',
    'db/migrate/1.sql',
  ])
})

test('P5: lines taken out of an interface may break it: high, whatever it was; lines added leave it as it was', () => {
  const { interfaces, level, why } = assess('fix: a', ['api/a.proto', 'src/a.ts'])
  expect([interfaces, level]).toEqual([['api/a.proto'], 'medium'])
  const change = { level, levelWhy: why }
  const file = (path: string, deleted: number) => [{ path, added: 3, deleted }]
  expect(withLines(change, interfaces, file('api/a.proto', 1))).toEqual({
    level: 'high',
    levelWhy: 'lines taken out of an interface that others build on (api/a.proto)',
  })
  for (const files of [file('api/a.proto', 0), file('src/a.ts', 9), null])
    expect(withLines(change, interfaces, files)).toBe(change)
  const high = { level: 'high' as const, levelWhy: 'payment (b)' }
  expect(withLines(high, interfaces, file('api/a.proto', 1)).levelWhy).toMatch(/^payment \(b\); lines taken/)
  expect(assess('fix: a', ['a.proto'], [rule({ level: 'medium', paths: ['*.proto'] })]).interfaces).toEqual(
    [],
  )
})

test('P5: each built-in reason is said in business terms, but those that say so themselves', () => {
  const plain = pathClasses.filter(({ why }) => businessTerms(why) === null).map(({ name }) => name)
  expect(plain).toEqual(['generated', 'test'])
  for (const [message, paths] of [
    ['feat: a', ['a.ts']],
    ['feat!: a', ['a.ts']],
    ['fix: a', ['a.ts']],
    ['free', null],
    ['fix(auth): a', null],
    ['fix(k8s): a', null],
  ] as const)
    expect(businessTerms(assess(message, paths && [...paths]).why.replace(/ \(.*/, ''))).not.toBeNull()
  expect(businessTerms('constructor')).toBeNull()
})

test('P5: a change that only edits migrations which were there before says so', () => {
  const [old, added] = ['db/migrations/1_a.sql', 'db/migrations/2_b.sql'] as const
  const why = (paths: string[]) => {
    const { level, why } = assess('fix: a', paths)
    return withEdited({ level, levelWhy: why }, paths, new Set([old])).levelWhy
  }
  expect(why([old])).toBe(`an edited database migration (${old})`)
  expect(why([old, added])).toBe(`a database migration (${old})`)
  expect(why(['db/schema.rb'])).toBe('a database migration (db/schema.rb)')
})
