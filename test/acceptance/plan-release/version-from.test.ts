import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Clone, openClone } from './clone.ts'

let clone: Clone
beforeEach(() => {
  clone = openClone()
})
afterEach(() => clone.close())

type From = 'tag' | 'release-please' | 'changesets' | 'semantic-release'

const policy = (from: From, more = ''): Record<string, string> => ({
  '.github/relman.yml': `version: { from: ${from} }\n${more}`,
})
const json = (value: unknown) => JSON.stringify(value)
const told = (inputs: Record<string, string> = {}) => {
  const { status, outputs, result, text } = clone.plan(inputs)
  return {
    status,
    version: outputs['version'],
    previous: outputs['previous'],
    tag: outputs['tag'],
    code: result.reasonCode,
    message: result.message,
    text,
  }
}

test('P1: version.from tag: the tag on the commit, also a pre-release; without one nothing is released', () => {
  clone.commit('feat: begin', policy('tag'))
  clone.tag('v1.0.0')
  clone.commit('fix: a')
  expect(told()).toMatchObject({ status: 0, code: 'no-release-needed' })
  clone.tag('v1.7.0-rc.1')
  expect(told()).toMatchObject({ version: '1.7.0-rc.1', previous: '1.0.0', tag: 'v1.7.0-rc.1' })
  clone.tag('v1.7.0')
  const planned = clone.plan()
  expect([planned.outputs['tag'], planned.plan.bump]).toEqual(['v1.7.0', 'minor'])
  expect(planned.summary).toMatch(/the tag v1\.7\.0 decided 1\.7\.0; the changes alone say 1\.0\.1/)
})

test('complaint 12: a version that another tool decides is planned in the same run: no tag has to start another', () => {
  clone.commit('feat: begin', {
    ...policy('semantic-release'),
    'package.json': json({ name: 'checkout', version: '0.0.0-development' }),
  })
  clone.tag('v1.0.0')
  clone.commit('feat: a')
  // What `semantic-release --dry-run` gives for this history (24.2.9).
  expect(told({ version: '1.1.0' })).toMatchObject({
    status: 0,
    version: '1.1.0',
    previous: '1.0.0',
    tag: 'v1.1.0',
  })
  expect(told()).toMatchObject({
    status: 0,
    code: 'no-release-needed',
    message: expect.stringMatching(/semantic-release.*decided nothing.*package\.json is not above 1\.0\.0/),
  })
  expect(told({ version: 'next' })).toMatchObject({ status: 1, code: 'configuration-error' })
})

test('P1: version.from semantic-release: its tag on the commit, or the version that its git plugin committed', () => {
  clone.commit('feat: begin', {
    ...policy('semantic-release'),
    'package.json': json({ name: 'checkout', version: '1.0.0' }),
  })
  clone.tag('v1.0.0')
  clone.commit('feat: a')
  clone.commit('chore(release): 1.1.0 [skip ci]', {
    'package.json': json({ name: 'checkout', version: '1.1.0' }),
  })
  expect(told()).toMatchObject({ version: '1.1.0', tag: 'v1.1.0' })
  clone.tag('v1.1.0')
  expect(told()).toMatchObject({ version: '1.1.0', previous: '1.0.0', tag: 'v1.1.0' })
})

test('P1, complaint 11: version.from release-please: the manifest of the merged pull request; released once, it is not again', () => {
  clone.commit('feat: begin', {
    ...policy('release-please'),
    '.release-please-manifest.json': json({ '.': '1.0.0' }),
  })
  clone.tag('v1.0.0')
  clone.commit('feat: a')
  expect(told()).toMatchObject({
    status: 0,
    code: 'no-release-needed',
    message: expect.stringMatching(/says 1\.0\.0, which is released already \(v1\.0\.0\)/),
  })
  clone.commit('chore(main): release 1.1.0', { '.release-please-manifest.json': json({ '.': '1.1.0' }) })
  expect(told()).toMatchObject({ version: '1.1.0', previous: '1.0.0', tag: 'v1.1.0' })
  // release-please tags the commit in the same workflow: the plan is the same.
  clone.tag('v1.1.0')
  expect(told()).toMatchObject({ version: '1.1.0', previous: '1.0.0', tag: 'v1.1.0' })
  clone.commit('fix: b')
  expect(told()).toMatchObject({ status: 0, code: 'no-release-needed' })
})

test('P1, complaint 18: release-please: tags as its configuration writes them, per path', () => {
  clone.commit('feat: begin', {
    ...policy('release-please', 'components:\n  web: { path: apps/web }\n  api: { path: apps/api }\n'),
    'release-please-config.json': json({
      'tag-separator': '/',
      packages: { 'apps/web': { component: 'shop' }, 'apps/api': {} },
    }),
    '.release-please-manifest.json': json({ 'apps/web': '1.0.0', 'apps/api': '2.0.0' }),
    'apps/web/package.json': json({ name: '@acme/web', version: '1.0.0' }),
    'apps/api/package.json': json({ name: '@acme/api', version: '2.0.0' }),
  })
  clone.tag('shop/v1.0.0', 'api/v2.0.0')
  clone.commit('feat: a', { 'apps/web/a.ts': '1' })
  clone.commit('chore: release main', {
    '.release-please-manifest.json': json({ 'apps/web': '1.1.0', 'apps/api': '2.0.0' }),
  })
  const all = clone.plan()
  expect(JSON.parse(all.outputs['components'] ?? '')).toMatchObject([
    { component: 'web', version: '1.1.0', tag: 'shop/v1.1.0', previous: '1.0.0' },
  ])
  expect(told({ component: 'web' })).toMatchObject({ tag: 'shop/v1.1.0', previous: '1.0.0' })
  expect(told({ component: 'api' })).toMatchObject({ status: 0, code: 'no-release-needed' })
})

test('P1: release-please without a manifest: the title of the merged release pull request', () => {
  clone.commit('feat: begin', policy('release-please'))
  clone.tag('v1.0.0')
  clone.commit('feat: a')
  expect(told()).toMatchObject({
    status: 0,
    code: 'no-release-needed',
    message: expect.stringMatching(/there is no \.release-please-manifest\.json/),
  })
  clone.commit('chore(main): release 1.1.0 (#7)')
  expect(told()).toMatchObject({ version: '1.1.0', tag: 'v1.1.0' })
})

const workspace = {
  '.changeset/config.json': '{"fixed":[],"linked":[]}',
  '.changeset/README.md': 'About changesets',
}
const basket = '---\n"checkout": minor\n---\n\nA basket.\n'
const checkout = (version: string) => ({ 'package.json': json({ name: 'checkout', version, private: true }) })

test('P1: version.from changesets: pending change files, then the version that changeset version wrote', () => {
  clone.commit('feat: begin', { ...policy('changesets'), ...workspace, ...checkout('1.2.0') })
  clone.tag('v1.2.0')
  clone.commit('feat!: a', { 'src/a.ts': '1' })
  expect(told()).toMatchObject({
    status: 0,
    code: 'no-release-needed',
    message: expect.stringMatching(/package\.json says 1\.2\.0, which is released already/),
  })
  // One package: what pnpm needs of it are settings.
  const settings = { 'pnpm-workspace.yaml': 'minimumReleaseAge: 2880\n' }
  clone.commit('feat: basket', { '.changeset/blue-cats.md': basket, ...settings })
  const pending = clone.plan()
  expect([pending.outputs['tag'], pending.outputs['previous'], pending.plan.bump]).toEqual([
    'v1.3.0',
    '1.2.0',
    'minor',
  ])
  expect(pending.summary).toMatch(/package\.json still says 1\.2\.0: run changeset version/)
  clone.git('rm', '-q', '.changeset/blue-cats.md')
  clone.commit('Version Packages', checkout('1.3.0'))
  expect(told()).toMatchObject({ version: '1.3.0', previous: '1.2.0', tag: 'v1.3.0' })
})

test('P1, complaint 6: changesets in pre mode, step by step as changeset version (2.31.1) writes it', () => {
  const pre = (mode: string, ...changesets: string[]) => ({
    '.changeset/pre.json': json({ mode, tag: 'next', initialVersions: { checkout: '1.2.0' }, changesets }),
  })
  clone.commit('feat: begin', { ...policy('changesets'), ...workspace, ...checkout('1.2.0') })
  clone.tag('v1.2.0')
  clone.commit('feat: basket', { '.changeset/blue-cats.md': basket, ...pre('pre') })
  expect(told()).toMatchObject({ version: '1.3.0-next.0', previous: '1.2.0' })
  clone.commit('Version Packages (next)', { ...checkout('1.3.0-next.0'), ...pre('pre', 'blue-cats') })
  expect(told()).toMatchObject({ version: '1.3.0-next.0', previous: '1.2.0', tag: 'v1.3.0-next.0' })
  clone.tag('v1.3.0-next.0')
  clone.commit('fix: b', { '.changeset/red-dogs.md': '---\n"checkout": patch\n---\n\nA fix.\n' })
  expect(told()).toMatchObject({ version: '1.3.0-next.1', previous: '1.2.0' })
  clone.commit('Version Packages (next)', {
    ...checkout('1.3.0-next.1'),
    ...pre('pre', 'blue-cats', 'red-dogs'),
  })
  clone.tag('v1.3.0-next.1')
  clone.commit('chore: exit', pre('exit', 'blue-cats', 'red-dogs'))
  expect(told()).toMatchObject({ version: '1.3.0', previous: '1.2.0', tag: 'v1.3.0' })
})

test('P1, P7: changesets in a workspace: its own tags, and a dependent that leaves its range follows', () => {
  const pkg = (name: string, version: string, needs = {}) =>
    json({ name: `@acme/${name}`, version, dependencies: needs })
  clone.commit('feat: begin', {
    ...policy(
      'changesets',
      'components:\n  web: { path: packages/web, depends-on: [core] }\n  core: { path: packages/core }\n  mail: { path: packages/mail }\n',
    ),
    ...workspace,
    'package.json': json({
      private: true,
      workspaces: ['packages/*'],
      devDependencies: { '@changesets/cli': '^2.31.0' },
    }),
    'packages/core/package.json': pkg('core', '1.0.0'),
    'packages/web/package.json': pkg('web', '2.0.0', { '@acme/core': '^1.0.0' }),
    'packages/mail/package.json': pkg('mail', '3.0.0', { '@acme/core': '>=1.0.0' }),
  })
  clone.tag('@acme/core@1.0.0', '@acme/web@2.0.0', '@acme/mail@3.0.0')
  clone.commit('feat!: a', {
    '.changeset/a.md': '---\n"@acme/core": major\n---\n',
    'packages/core/a.ts': '1',
  })
  const rows = JSON.parse(clone.plan().outputs['components'] ?? '')
  expect(rows.map(({ tag }: { tag: string }) => tag)).toEqual(['@acme/core@2.0.0', '@acme/web@2.0.1'])
  expect(told({ component: 'web' })).toMatchObject({ tag: '@acme/web@2.0.1', previous: '2.0.0' })
})

const faults: [string, From, Record<string, string>, string, RegExp][] = [
  [
    'a manifest that is not JSON',
    'release-please',
    { '.release-please-manifest.json': '{' },
    'configuration-error',
    /^\.release-please-manifest\.json: is not JSON/,
  ],
  [
    'a manifest without this path',
    'release-please',
    { '.release-please-manifest.json': '{"apps/web":"1.1.0"}' },
    'configuration-error',
    /names no version for "\."; it has apps\/web/,
  ],
  [
    'a manifest with what is no version',
    'release-please',
    { '.release-please-manifest.json': '{".":"1.1"}' },
    'configuration-error',
    /"1\.1", which is no semantic version/,
  ],
  [
    'a manifest that goes back',
    'release-please',
    { '.release-please-manifest.json': '{".":"0.9.0"}' },
    'version-contradiction',
    /says 0\.9\.0, and v1\.0\.0 is behind this commit/,
  ],
  [
    'no package.json',
    'changesets',
    workspace,
    'configuration-error',
    /^package\.json: version\.from is "changesets", and there is no name and version here/,
  ],
  [
    'changesets that is not set up',
    'changesets',
    checkout('1.0.0'),
    'configuration-error',
    /^\.changeset\/config\.json: is missing/,
  ],
  [
    'a change file about another package',
    'changesets',
    { ...workspace, ...checkout('1.0.0'), '.changeset/a.md': '---\ncheckuot: minor\n---\n' },
    'configuration-error',
    /^\.changeset\/a\.md: is about "checkuot", which is no package here; known are checkout/,
  ],
]

test.each(faults)('an answer that is missing or contradicts git: %s', (_, from, files, code, message) => {
  clone.commit('feat: begin', policy(from))
  clone.tag('v1.0.0')
  clone.commit('feat: a', files)
  const found = told()
  expect(found).toMatchObject({ status: 1, code, text: '' })
  expect(found.message).toMatch(message)
})

test('complaint 16: a version that is tagged on another branch is refused, with the way out', () => {
  clone.commit('feat: begin', {
    ...policy('release-please'),
    '.release-please-manifest.json': json({ '.': '1.0.0' }),
  })
  clone.tag('v1.0.0')
  clone.git('switch', '-q', '-c', 'side')
  clone.commit('fix: a')
  clone.tag('v1.0.1')
  clone.git('switch', '-q', 'main')
  clone.commit('chore(main): release 1.0.1', { '.release-please-manifest.json': json({ '.': '1.0.1' }) })
  const found = told()
  expect(found).toMatchObject({ status: 1, code: 'version-exists', text: '' })
  expect(found.message).toMatch(
    /v1\.0\.1 exists already, at commit [0-9a-f]{12}: .*merge v1\.0\.1 into this branch/,
  )
})
