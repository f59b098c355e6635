import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Clone, openClone, type Planned } from './clone.ts'
import { type Hosted, openHosted } from './hub.ts'

let clone: Clone
beforeEach(() => {
  clone = openClone()
})
afterEach(() => clone.close())

const config = `components:
  web: { path: apps/web, depends-on: [core] }
  api: { path: [apps/api, proto], depends-on: [core] }
  core: { path: packages/core }
  docs: { path: docs, tag: "docs/{version}" }
`

/** All four components, released as 1.0.0 (docs as 3.0.0) at the first commit. */
const begin = (yaml = config) => {
  clone.commit('feat: begin', {
    '.github/relman.yml': yaml,
    'apps/web/a.ts': '1',
    'apps/api/a.ts': '1',
    'packages/core/a.ts': '1',
    'docs/a.md': '1',
    'package-lock.json': '{}',
  })
  clone.tag('web-v1.0.0', 'api-v1.0.0', 'core-v1.0.0', 'docs/3.0.0')
}

type Row = { component: string; version: string; tag: string; why: string; layer: number; changes: number }
const rows = ({ outputs }: Planned): Row[] => JSON.parse(outputs['components'] ?? 'null')
const versions = (planned: Planned) =>
  rows(planned).map(({ component, version }) => `${component} ${version}`)

test('P2: several components: each has its own version, range and tag, by the files that a change touches', () => {
  begin()
  clone.commit('feat: basket', { 'apps/web/basket.ts': '1' })
  clone.commit('fix: order', { 'proto/order.proto': '1' })
  const all = clone.plan()
  expect([all.status, all.outputs['decision'], all.outputs['reason-code'], versions(all)]).toEqual([
    0,
    'components',
    'components-listed',
    ['web 1.1.0', 'api 1.0.1'],
  ])
  expect(all.text).toBe('')
  const web = clone.plan({ component: 'web' })
  expect([web.outputs['service'], web.outputs['tag'], web.outputs['previous']]).toEqual([
    'web',
    'web-v1.1.0',
    '1.0.0',
  ])
  expect(web.plan.changes.map(({ title }: { title: string }) => title)).toEqual(['basket'])
  expect(web.plan.changes[0].components).toEqual(['web'])
  expect(clone.plan({ component: 'api' }).outputs['tag']).toBe('api-v1.0.1')
  expect(clone.plan({ component: 'docs' }).outputs['decision']).toBe('no-release')
})

test('P7, complaint 10: dependents are bumped by a patch, after what they need, with the reason and its risk', () => {
  begin()
  clone.commit('feat!: new wire format', { 'packages/core/wire.ts': '1' })
  const all = clone.plan()
  expect(versions(all)).toEqual(['core 2.0.0', 'web 1.0.1', 'api 1.0.1'])
  expect(rows(all).map(({ layer }) => layer)).toEqual([0, 1, 1])
  const web = clone.plan({ component: 'web' })
  expect([web.outputs['version'], web.outputs['risk'], web.plan.why[0].decides]).toEqual([
    '1.0.1',
    'high',
    true,
  ])
  expect(web.plan.why[0].rule).toBe('breaking change, in core, which this is built from: a patch')
})

test('P2: once a component is tagged it needs no release, and its dependents still do', () => {
  begin()
  clone.commit('fix: sum', { 'packages/core/sum.ts': '1' })
  clone.tag('core-v1.0.1')
  expect(versions(clone.plan())).toEqual(['web 1.0.1', 'api 1.0.1'])
  clone.tag('web-v1.0.1', 'api-v1.0.1')
  const done = clone.plan()
  expect([done.outputs['decision'], done.outputs['components']]).toEqual(['no-release', '[]'])
})

test('P2: a change outside all components counts for none and is counted; a lock file alone for all', () => {
  begin()
  clone.commit('fix: badge', { 'README.md': '1' })
  const outside = clone.plan()
  expect([outside.outputs['decision'], outside.result.data['outside']]).toEqual(['no-release', 1])
  expect(outside.summary).toMatch(/1 change touches no component and no shared file/)
  clone.commit('build(deps): bump x from 1 to 2', {
    'package-lock.json': '{"x":2}',
    'apps/web/package.json': '{}',
  })
  expect(versions(clone.plan())).toEqual(['web 1.0.1'])
  clone.commit('fix: resolve y anew', { 'package-lock.json': '{"x":3}' })
  expect(versions(clone.plan())).toEqual(['core 1.0.1', 'docs 3.0.1', 'web 1.0.1', 'api 1.0.1'])
})

test('P2: the scope of a commit counts where its files belong to nobody', () => {
  begin()
  clone.commit('feat(docs): new theme', { 'theme/a.css': '1' })
  clone.commit('feat(docs): link', { 'apps/api/link.ts': '1' })
  expect(versions(clone.plan())).toEqual(['docs 3.1.0', 'api 1.1.0'])
})

test('P2, complaint 10: a group shares one version, from the highest, by the most that any of them asks for', () => {
  begin(`components:
  web: { path: apps/web, group: site }
  api: { path: apps/api, group: site }
  docs: { path: docs, tag: "docs/{version}" }
`)
  clone.commit('fix: header', { 'apps/web/a.ts': '2' })
  clone.tag('web-v1.4.0')
  clone.commit('feat: sort', { 'apps/api/a.ts': '2' })
  const all = clone.plan()
  expect(versions(all)).toEqual(['web 1.5.0', 'api 1.5.0'])
  expect(rows(all)[0]?.why).toBe('it shares its version with api (group site), which asks for minor')
  expect(clone.plan({ component: 'web' }).outputs['tag']).toBe('web-v1.5.0')
  // The first of the group is released; the other takes the same version.
  clone.tag('web-v1.5.0')
  expect(versions(clone.plan())).toEqual(['api 1.5.0'])
  expect(clone.plan({ component: 'api', type: 'minor' }).outputs['tag']).toBe('api-v1.5.0')
  clone.tag('api-v1.5.0')
  expect(clone.plan().outputs['decision']).toBe('no-release')
})

test('P2: pre-releases of components count on their own, and a group has one counter', () => {
  begin(`components:
  web: { path: apps/web, group: site }
  api: { path: apps/api, group: site }
`)
  clone.commit('feat: a', { 'apps/web/a.ts': '2' })
  const beta = clone.plan({ channel: 'beta' })
  expect(versions(beta)).toEqual(['web 1.1.0-beta.1', 'api 1.1.0-beta.1'])
  clone.tag('web-v1.1.0-beta.1', 'api-v1.1.0-beta.1')
  clone.commit('fix: b', { 'apps/api/a.ts': '3' })
  expect(versions(clone.plan({ channel: 'beta' }))).toEqual(['web 1.1.0-beta.2', 'api 1.1.0-beta.2'])
  expect(clone.plan({ component: 'api', channel: 'beta' }).outputs['tag']).toBe('api-v1.1.0-beta.2')
})

test('P2: type counts up what needs a release, and forces one only where a component is named', () => {
  begin()
  clone.commit('fix: a', { 'apps/web/a.ts': '2' })
  expect(versions(clone.plan({ type: 'minor' }))).toEqual(['web 1.1.0'])
  expect(clone.plan({ type: 'minor', component: 'docs' }).outputs['version']).toBe('3.1.0')
})

test('complaint 9, complaint 18: tags of other packages, of other forms and plain ones do not mix', () => {
  begin()
  clone.tag('v9.0.0', 'core@7.0.0', 'web/v0.9.0')
  clone.commit('fix: a', { 'apps/web/a.ts': '2' })
  const web = clone.plan({ component: 'web' })
  expect([web.outputs['tag'], web.outputs['previous']]).toEqual(['web-v1.0.1', '1.0.0'])
})

test('P2: a component has sections of its own in place of those of the file', () => {
  begin(`artifact: localhost:1/acme/all
rollout: { steps: [{ weight: 10, margin: 1 % }] }
components:
  web: { path: apps/web, artifact: localhost:1/acme/web, rollout: { steps: [{ weight: 1, margin: 1 % }, { weight: 50, margin: 1 % }], environment: production-web } }
  api: { path: apps/api }
`)
  clone.commit('fix: both', { 'apps/web/a.ts': '2', 'apps/api/a.ts': '2' })
  const web = clone.plan({ component: 'web' })
  expect([web.plan.artifact.name, web.outputs['environment'], web.plan.policy.rollout.steps.length]).toEqual([
    'localhost:1/acme/web',
    'production-web',
    2,
  ])
  const api = clone.plan({ component: 'api' })
  expect([api.plan.artifact.name, api.outputs['environment'], api.plan.policy.service]).toEqual([
    'localhost:1/acme/all',
    'production',
    'api',
  ])
})

test('a component that was never released begins with 0.1.0', () => {
  begin(`${config}  new: { path: apps/new }\n`)
  clone.commit('fix: first', { 'apps/new/a.ts': '1' })
  const planned = clone.plan({ component: 'new' })
  expect([planned.outputs['tag'], planned.outputs['previous']]).toEqual(['new-v0.1.0', ''])
})

test('a maintenance line of one component holds that component only', () => {
  begin()
  clone.git('branch', 'web-1.x')
  clone.commit('feat!: a', { 'apps/web/a.ts': '2' })
  clone.tag('web-v2.0.0')
  clone.git('switch', '-q', 'web-1.x')
  clone.commit('fix: b', { 'apps/web/a.ts': '3' })
  const planned = clone.plan({ component: 'web', ref: 'web-1.x' })
  expect([planned.outputs['tag'], planned.plan.maintenance]).toEqual(['web-v1.0.1', true])
  clone.commit('feat!: c', { 'apps/web/a.ts': '4' })
  const held = clone.plan({ ref: 'web-1.x' })
  expect([held.status, held.result.reasonCode, held.outputs['components']]).toEqual([
    1,
    'component-held',
    '[]',
  ])
  expect(held.result.message).toMatch(
    /^web: "feat!: c" .* makes this 2\.0\.0, and the branch web-1\.x is the line of 1\.x/,
  )
})

const faults: [string, string, Record<string, string>, RegExp][] = [
  [
    'a circle',
    'a: { path: a, depends-on: [b] }, b: { path: b, depends-on: [a] }',
    {},
    /circle: a → b → a|circle: b → a → b/,
  ],
  [
    'an unknown need',
    'a: { path: a, depends-on: [c] }',
    {},
    /relman\.yml:1:\d+: .*write the name of a component of this file, not "c"/,
  ],
  ['itself', 'a: { path: a, depends-on: [a] }', {}, /cannot need itself/],
  ['a path outside', 'a: { path: ../a }', {}, /write a folder or a file of the repository/],
  ['a wildcard', 'a: { path: "apps/*" }', {}, /without wildcards/],
  ['a tag without its end', 'a: { path: a, tag: "a-v" }', {}, /end it in \{version\}/],
  [
    'the same tag twice',
    'a: { path: a, tag: "v{version}" }, b: { path: b, tag: "v{version}" }',
    {},
    /is the tag of a too/,
  ],
  [
    'an unknown component',
    'a: { path: a }',
    { component: 'b' },
    /input "component": write one of a, not "b"/,
  ],
]

test.each(faults)('18, 20: bad components: %s', (_, yaml, inputs, message) => {
  clone.commit('feat: a', { '.github/relman.yml': `components: { ${yaml} }\n` })
  const { status, result, text } = clone.plan(inputs)
  expect([status, result.reasonCode, text]).toEqual([1, 'configuration-error', ''])
  expect(result.message).toMatch(message)
})

test('a component is asked for where the configuration has none', () => {
  clone.commit('feat: a')
  expect(clone.plan({ component: 'web' }).result.message).toMatch(/the configuration has no components/)
})

test('P5: each change has the teams that CODEOWNERS of the protected branch names, most files first', () => {
  begin()
  clone.commit('chore: owners', {
    '.github/CODEOWNERS': '* @acme/all\n/apps/web/ @acme/shop @ada\nnot valid [x] @a\n',
  })
  clone.commit('feat: a', { 'apps/web/b.ts': '1', 'apps/web/c.ts': '1', 'proto/a.proto': '1' })
  clone.commit('fix: b', { 'apps/api/b.ts': '1' })
  const { plan } = clone.plan({ component: 'api' })
  expect(plan.changes.map(({ owners }: { owners: string[] }) => owners)).toEqual([
    ['@acme/all'],
    ['@acme/shop', '@ada', '@acme/all'],
  ])
  expect(plan.gaps).toContainEqual(expect.stringMatching(/CODEOWNERS has lines that are not valid.*: 3$/))
})

test('complaint 3: components ask GitHub once for the pull requests of what they ship, and each has its own record', async () => {
  const hosted: Hosted = await openHosted((bare) => {
    bare.commit('feat: begin', { '.github/relman.yml': config, 'apps/web/a.ts': '1', 'other/a': '1' })
    bare.tag('web-v1.0.0', 'api-v1.0.0')
    for (let number = 1; number <= 20; number++)
      bare.commit(`fix: a (#${number})`, { [number % 2 ? `apps/web/${number}` : `other/${number}`]: '1' })
  })
  try {
    const all = await hosted.plan()
    expect(all.result.message).toMatch(/^1 of 4 components need a release: web 1\.0\.1$/)
    const asked = hosted.lines.filter((line) => /graphql/.test(line)).length
    // All pull requests, and what the record says of the one component that is released.
    expect(asked).toBe(2)
    const web = await hosted.plan({ component: 'web' })
    expect([web.outputs['decision'], web.plan.changes.length]).toEqual(['planned', 10])
    expect((await hosted.store.events('web', '1.0.1')).map(({ kind }) => kind)).toEqual(['planned'])
  } finally {
    await hosted.close()
  }
}, 60_000)

test('P2: a path that holds no file is named, since nothing would ever be released of it', () => {
  begin(config.replace('path: docs,', 'path: dcos,'))
  clone.commit('fix: order', { 'apps/api/b.ts': '1' })
  const { summary } = clone.plan()
  expect(summary).toMatch(/- docs: dcos holds no file of this commit.*mend components\.docs\.path/)
  // The plan of api has two paths, and proto holds nothing yet.
  expect(summary).toMatch(/- api: proto holds no file/)
  expect(summary).not.toMatch(/(web|core): .* holds no file/)
})
