import { expect, test } from '@jest/globals'
import { builtFrom, componentLayers, groupOf } from '@relman/core/component/component-order'
import { componentsTouched } from '@relman/core/component/components-touched'
import { policyOf } from '@relman/core/component/policy-of'
import { config } from '@relman/core/config/config'
import fc from 'fast-check'

const read = (components: Record<string, unknown>) => config.parse({ components })

const site = read({
  web: { path: 'apps/web', 'depends-on': ['core'], group: 'site' },
  admin: { path: ['apps/web/admin', './apps/shared/'], group: 'site' },
  core: { path: 'packages/core' },
  rest: { path: '.' },
})

const touched: [string, string[] | null, string | null, string[]][] = [
  ['a file of a folder', ['apps/web/a.ts'], null, ['web']],
  ['the longest path holds it', ['apps/web/admin/a.ts'], null, ['admin']],
  ['a folder that only begins alike', ['apps/website/a.ts'], null, ['rest']],
  ['one of several paths', ['apps/shared/a.ts'], null, ['admin']],
  [
    'several components, in the order they are written',
    ['packages/core/a', 'apps/web/b'],
    null,
    ['web', 'core'],
  ],
  ['"." is all the rest', ['README.md'], null, ['rest']],
  ['files before the scope', ['apps/web/a.ts'], 'core', ['web']],
  ['the scope where the files are not known', null, 'Core', ['core']],
  ['an unknown scope', null, 'toString', []],
  ['nothing known', null, null, []],
]

test.each(touched)('P2: a change belongs to components: %s', (_, paths, area, expected) => {
  expect(componentsTouched(site.components, [])({ paths, area })).toEqual(expected)
})

test('P2: a shared file is of every component, where nothing else is touched', () => {
  const two = read({ web: { path: 'web' }, api: { path: 'api' } }).components
  const of = componentsTouched(two, ['*.lock', 'tools/**'])
  expect(of({ paths: ['yarn.lock'], area: null })).toEqual(['web', 'api'])
  expect(of({ paths: ['tools/a/b.sh', 'README.md'], area: null })).toEqual(['web', 'api'])
  expect(of({ paths: ['yarn.lock', 'api/a'], area: null })).toEqual(['api'])
  expect(of({ paths: ['README.md'], area: null })).toEqual([])
})

test('14: any path belongs to something known, and never fails', () => {
  const of = componentsTouched(site.components, ['**/*.lock'])
  fc.assert(
    fc.property(fc.array(fc.string()), fc.string(), (paths, area) => {
      for (const name of of({ paths, area })) expect(Object.keys(site.components)).toContain(name)
    }),
  )
})

test('P7: the order of release, what a component is built from, and its group', () => {
  const chain = read({
    shop: { path: 'shop', 'depends-on': ['cart'] },
    cart: { path: 'cart', 'depends-on': ['core'] },
    core: { path: 'core' },
    mail: { path: 'mail' },
  }).components
  expect(componentLayers(chain)).toEqual([['core', 'mail'], ['cart'], ['shop']])
  expect([...builtFrom(chain, 'shop')]).toEqual(['shop', 'cart', 'core'])
  expect([groupOf(site.components, 'web'), groupOf(site.components, 'core')]).toEqual([
    ['web', 'admin'],
    ['core'],
  ])
})

test('P7: a circle is an error that names it, however long', () => {
  const names = Array.from({ length: 200 }, (_, at) => `c${at}`)
  const circle = Object.fromEntries(
    names.map((name, at) => [name, { path: name, 'depends-on': [`c${(at + 1) % 200}`] }]),
  )
  expect(() => componentLayers(read(circle).components)).toThrow(
    /components need each other in a circle: c0 → c1 → c2.* → … → c0; take/,
  )
})

test('a section of a component replaces that of the file, and the rest stays', () => {
  const whole = config.parse({
    service: 'acme',
    artifact: 'all',
    deploy: { command: ['./deploy'], timeout: '10m' },
    components: { web: { path: 'web', deploy: { command: ['./deploy-web'] } } },
  })
  const web = policyOf(whole, 'web')
  expect([web.service, web.artifact, web.deploy]).toEqual([
    'web',
    'all',
    { command: ['./deploy-web'], timeout: 900 },
  ])
  expect(policyOf(whole, 'toString').deploy.timeout).toBe(600)
})
