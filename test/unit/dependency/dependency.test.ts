import { expect, test } from '@jest/globals'
import { versionConflicts } from '@relman/core/dependency/compatibility'
import type { Component } from '@relman/core/dependency/component'
import { cyclesOf } from '@relman/core/dependency/cycle'
import { decouple } from '@relman/core/dependency/decouple'
import { deployLayers, rollbackLayers } from '@relman/core/dependency/deploy-order'
import { drawGraph } from '@relman/core/dependency/draw-graph'
import { crossTeamDependencies, splitByTeams } from '@relman/core/dependency/split-teams'
import fc from 'fast-check'

type Sketch = Partial<Omit<Component, 'needs'>> & { needs?: string[] }

/** `needs` as `name` or `name range`. */
const component = (name: string, { needs = [], ...rest }: Sketch = {}): Component => ({
  name,
  team: 'core',
  version: null,
  previous: null,
  external: [],
  blocked: null,
  needs: needs.map((text) => {
    const [needed = '', ...range] = text.split(' ')
    return { component: needed, range: range.length > 0 ? range.join(' ') : null }
  }),
  ...rest,
})

const graph = (text: string): Component[] =>
  text.split(';').map((part) => {
    const [name = '', needs = ''] = part.split('<')
    const [own = '', team = 'core'] = name.trim().split('/')
    return component(own, { team, needs: needs.split(',').flatMap((each) => each.trim() || []) })
  })

test.each([
  ['a', [['a']]],
  ['a < b; b', [['b'], ['a']]],
  ['web < api, cdn; api < db; cdn; db', [['cdn', 'db'], ['api'], ['web']]],
  ['d < b, c; c < a; b < a; a', [['a'], ['c', 'b'], ['d']]],
  ['a < outside', [['a']]],
  ['a < b, b; b', [['b'], ['a']]],
])('P7: %s is deployed in layers, in the order written within one', (text, layers) => {
  expect(deployLayers(graph(text))).toEqual(layers)
})

test.each([
  ['a < a', [['a', 'a']]],
  ['a < b; b < a', [['a', 'b', 'a']]],
  ['x < a; a < b; b < c; c < a', [['a', 'b', 'c', 'a']]],
  [
    'a < b; b < a; c < d; d < c',
    [
      ['a', 'b', 'a'],
      ['c', 'd', 'c'],
    ],
  ],
  ['a < b, c; b < c; c < a', [['a', 'c', 'a']]],
  ['a < b; b', []],
])('P7: the cycles of %s are named', (text, cycles) => {
  expect(cyclesOf(graph(text))).toEqual(cycles)
})

test('P7: a cycle is an error that names it', () => {
  expect(() => deployLayers(graph('x < a; a < b; b < a'))).toThrow(/in a circle: a → b → a; no order/)
})

test('P7: the way back is the exact reverse', () => {
  expect(
    rollbackLayers([
      ['a', 'b'],
      ['c', 'd'],
    ]),
  ).toEqual([
    ['d', 'c'],
    ['b', 'a'],
  ])
})

test('P7: a chain of 20,000 components neither overflows nor takes long', () => {
  const chain = Array.from({ length: 20_000 }, (_, index) =>
    component(`c${index}`, { needs: index < 19_999 ? [`c${index + 1}`] : [] }),
  )
  expect(deployLayers(chain)).toHaveLength(20_000)
})

const acyclic = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.array(fc.nat(11), { maxLength: 6 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) =>
    parts.map(([team, needs], index) =>
      component(`c${index}`, { team, needs: needs.filter((each) => each < index).map((each) => `c${each}`) }),
    ),
  )
const anyOrder = acyclic.chain((parts) => fc.shuffledSubarray(parts, { minLength: parts.length }))

test('P7: for any graph without a cycle, needs come first and nothing is lost', () => {
  fc.assert(
    fc.property(anyOrder, (parts) => {
      const layers = deployLayers(parts)
      const layerOf = new Map(layers.flatMap((layer, index) => layer.map((name) => [name, index] as const)))
      expect(layers.flat().sort()).toEqual(parts.map(({ name }) => name).sort())
      for (const { name, needs } of parts)
        for (const need of needs)
          expect(layerOf.get(need.component)).toBeLessThan(layerOf.get(name) ?? Number.NaN)
    }),
  )
})

test('P7: for any graph, a split keeps at most 3 cross-team dependencies in each release, and the order', () => {
  fc.assert(
    fc.property(anyOrder, (parts) => {
      const split = splitByTeams(parts)
      expect(split === null).toBe(crossTeamDependencies(parts).length <= 3)
      if (!split) return
      const releaseOf = new Map(
        split.releases.flatMap(({ components }, index) => components.map((name) => [name, index] as const)),
      )
      expect(split.releases.flatMap(({ components }) => components).sort()).toEqual(
        parts.map(({ name }) => name).sort(),
      )
      for (const { crossTeam } of split.releases) expect(crossTeam).toBeLessThanOrEqual(3)
      for (const { name, needs } of parts)
        for (const need of needs)
          expect(releaseOf.get(need.component)).toBeLessThanOrEqual(releaseOf.get(name) ?? Number.NaN)
    }),
  )
})

test('P7: three dependencies between teams are fine, a fourth proposes a split with the reason', () => {
  const three = graph('a/x; b/y < a; c/x < b; d/y < c')
  expect(splitByTeams(three)).toBeNull()
  expect(splitByTeams([...three, ...graph('e/z < d')])).toEqual({
    why: expect.stringMatching(/^4 dependencies between teams \(y on x, x on y, z on y\), more than 3/),
    releases: [
      { components: ['a', 'b', 'c', 'd'], teams: ['x', 'y'], after: [], crossTeam: 3 },
      { components: ['e'], teams: ['z'], after: [1], crossTeam: 0 },
    ],
  })
})

test.each([
  ['4.2.0', '^4.1.0', null],
  ['5.0.0', '^4.1.0', /web needs api \^4\.1\.0, but it will be 5\.0\.0$/],
  ['4.2.0-rc.1', '>=4.1.0', /a pre-release, which the range does not name/],
  ['4.2.0-rc.2', '>=4.2.0-rc.1', null],
  [null, '*', /no version of api is written/],
])('P7: api at %s for a need of %s', (version, range, why) => {
  const conflicts = versionConflicts([
    component('web', { needs: [`api ${range}`] }),
    component('api', { version }),
  ])
  expect(conflicts.map((each) => each.why)).toEqual(why === null ? [] : [expect.stringMatching(why)])
})

test('P7: a need of what is installed is verified, a need without a range is not', () => {
  const web = component('web', { needs: ['search >=2', 'mail'] })
  expect(versionConflicts([web], { search: '2.1.0' })).toEqual([])
  expect(versionConflicts([web], { search: '1.9.0' })).toMatchObject([{ needs: 'search', found: '1.9.0' }])
  expect(versionConflicts([component('web', { needs: ['constructor *'] })])).toMatchObject([{ found: null }])
})

test('P7: a blocked team is decoupled: what needs it waits too, the rest ships', () => {
  const parts = [
    component('web', { team: 'shop', needs: ['api'] }),
    component('api', { team: 'platform', needs: ['db'] }),
    component('db', { team: 'storage' }),
    component('mail', { team: 'shop', blocked: 'waits for the provider' }),
    component('cdn', { team: 'edge' }),
  ]
  const { ship, deferred } = decouple(parts, { platform: 'a security review is open' })
  expect(ship.map(({ name }) => name)).toEqual(['db', 'cdn'])
  expect(deferred).toEqual([
    { component: 'web', team: 'shop', why: ['needs api, which is deferred'] },
    { component: 'api', team: 'platform', why: ['team platform is blocked: a security review is open'] },
    { component: 'mail', team: 'shop', why: ['waits for the provider'] },
  ])
})

test.each([
  ['>=1', '1.4.0', true],
  ['>=2', '1.4.0', false],
  ['', '1.4.0', false],
  ['>=1', null, false],
])('P7: a need of %j ships on what runs now (%s): %s', (range, previous, ships) => {
  const parts = [
    component('web', { needs: [`api ${range}`.trim()] }),
    component('api', { blocked: 'not ready', previous }),
  ]
  expect(decouple(parts).ship.some(({ name }) => name === 'web')).toBe(ships)
})

test('P7: nothing deferred is needed by what ships, whatever is blocked', () => {
  fc.assert(
    fc.property(anyOrder, fc.constantFrom('a', 'b', 'c'), (parts, team) => {
      const { ship, deferred } = decouple(parts, { [team]: 'held' })
      expect(ship.length + deferred.length).toBe(parts.length)
      const waiting = new Set(deferred.map((each) => each.component))
      for (const each of ship) for (const need of each.needs) expect(waiting.has(need.component)).toBe(false)
    }),
  )
})

test('P7: the graph is drawn: teams, needs with ranges, external systems, what is deferred', () => {
  const drawn = drawGraph(
    [
      component('web', {
        team: 'shop',
        version: '2.0.0',
        needs: ['api >=3 <4', 'search'],
        external: ['bank'],
      }),
      component('api', { team: 'platform' }),
    ],
    new Set(['web']),
  )
  expect(drawn).toBe(
    [
      '```mermaid',
      'flowchart LR',
      '  subgraph t0["shop"]',
      '    c0["web<br/>2.0.0"]',
      '  end',
      '  subgraph t1["platform"]',
      '    c1["api"]',
      '  end',
      '  o0["search<br/>installed"]',
      '  s0(["bank"])',
      '  c1 -->|"from 3 below 4"| c0',
      '  o0 --> c0',
      '  s0 -.-> c0',
      '  classDef deferred stroke-dasharray: 5 5',
      '  class c0 deferred',
      '```',
    ].join('\n'),
  )
})

const hostile = [
  'x"] --> y[("z',
  'end',
  '```\n# out',
  'a%%{init: {}}%%',
  'click c0 "javascript:alert(1)"',
  '<img src=x onerror=alert(1)>',
  '1. list',
  '- item',
  '\u202egnp.exe',
  '`**bold**`',
  '#quot;',
  '',
]

test.each(hostile)('P7: the name %j is inert in the drawing', (name) => {
  const drawn = drawGraph([
    component(name, { team: name, version: name, needs: [name, 'b'], external: [name] }),
  ])
  const lines = drawn.split('\n')
  expect(lines.filter((line) => line.includes('```'))).toEqual(['```mermaid', '```'])
  for (const line of lines.slice(2, -1)) {
    expect(line).toMatch(
      /^ {2,4}(?:subgraph t\d+\["[^"]*"\]|end|[co]\d+\["[^"]*"\]|s\d+\(\["[^"]*"\]\)|[cos]\d+ (?:-->|-\.->)(?:\|"[^"]*"\|)? c\d+)$/,
    )
    for (const [, label = ''] of line.matchAll(/"([^"]*)"/g)) {
      expect(label.replaceAll('<br/>', '')).toMatch(/^[\p{L}\p{M}\p{N} .,()/+_≥–−·-]+$/u)
      expect(label).not.toMatch(/^(?:\d+[.)]|[-+*])(?:\s|$)/)
    }
  }
})
