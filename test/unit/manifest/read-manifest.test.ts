import { expect, test } from '@jest/globals'
import { readManifest } from '@relman/core/manifest/read-manifest'

const head = 'schema: 1\nname: autumn\nowner: ada\n'
const part = (more: string): string =>
  `components:\n  - component: a\n    team: x\n    repository: acme/a\n${more}`

test.each([
  ['a typo', `${head}ownr: bo\n${part('')}`, /^f:4:1: unknown key "ownr"; did you mean "owner"\?/],
  [
    'a typo in a component',
    `${head}${part('    repo: acme/a\n')}`,
    /^f:8:5: unknown key "repo" in components\[0\]; known here: component, team/,
  ],
  ['no owner', `schema: 1\nname: n\n${part('')}`, /^f:\d+:1: owner: is missing; write text/],
  ['no component', `${head}components: []`, /^f:4:13: components: must not be empty/],
  ['another schema', `schema: 2\nname: n\nowner: o\n${part('')}`, /^f:1:9: schema: write 1, not 2/],
  ['an empty file', '', /is missing/],
  [
    'a repository that is none',
    `${head}components: [{ component: a, team: x, repository: ../etc }]`,
    /write owner\/name, not "\.\.\/etc"/,
  ],
  [
    'a version that YAML reads as a number',
    `${head}${part('    version: 1.2\n')}`,
    /^f:8:14: components\[0\]\.version: write text, not 1\.2/,
  ],
  [
    'a version that is none',
    `${head}${part('    version: v1\n')}`,
    /semantic version such as 3\.1\.0, not "v1"/,
  ],
  [
    'a range that is none',
    `${head}installed: { b: 1.0.0 }\n${part('    needs:\n      - { component: b, version: "=>2" }\n')}`,
    /^f:10:34: components\[0\]\.needs\[0\].*range of versions/,
  ],
  [
    'P8: a need of an unknown component',
    `${head}installed: { ledger: 1.0.0 }\n${part('    needs: [leger]\n')}`,
    /^f:9:13: there is no component "leger"; did you mean "ledger"\?$/,
  ],
  [
    'P8: an unknown team',
    `${head}teams: { shop: {} , x: {} }\n${part('').replace('team: x', 'team: shopp')}`,
    /^f:4:10: team "shop" has no component.*\nf:4:21: team "x" has no component.*\nf:7:11: there is no team "shopp"; did you mean "shop"\?$/,
  ],
  [
    'P8: an unknown external system',
    `${head}systems: { bank: {} }\n${part('    external: [tax office]\n')}`,
    /^f:9:16: there is no external system "tax office"; known: bank$/,
  ],
  [
    'P8: a component twice',
    `${head}${part('')}  - { component: a, team: y, repository: acme/b }\n`,
    /^f:8:18: component "a" is written twice; write it once$/,
  ],
  [
    'P8: a component that is installed as well',
    `${head}installed: { a: 1.0.0 }\n${part('')}`,
    /^f:6:16: component "a" is also under installed/,
  ],
  [
    'P7: a cycle',
    `${head}${part('    needs: [b]\n')}  - component: b\n    team: x\n    repository: acme/b\n    needs: [a]\n`,
    /^f:8:13: components need each other in a circle: a → b → a;/,
  ],
  [
    'P8: a confirmation of a revision that does not exist',
    `${head}${part('    confirmed: { by: bo, revision: 4 }\n')}`,
    /^f:8:36: confirms revision 4, but the manifest is at revision 1$/,
  ],
  [
    'P8: a team that confirms a revision that does not exist',
    `${head}teams: { x: { confirmed: { by: bo, revision: 2 } } }\n${part('')}`,
    /^f:4:46: confirms revision 2/,
  ],
  [
    'a checkpoint without an offset',
    `${head}checkpoint: 2026-11-20 14:00\n${part('')}`,
    /^f:4:13: checkpoint: write a time/,
  ],
  [
    'a checkpoint on 30 February',
    `${head}checkpoint: { at: 2026-02-30T14:00:00Z }\n${part('')}`,
    /^f:4:19: checkpoint: write a time/,
  ],
  [
    'an address that would start a new line of the invitation',
    `${head}checkpoint: { at: 2026-02-28T14:00:00Z, invite: ["a@b\\r\\nX:y"] }\n${part('')}`,
    /write an e-mail address/,
  ],
  ['20: a prototype', `__proto__: {}\n${head}${part('')}`, /may not be a key/],
])('%s is refused with its place', (_, text, words) => {
  let said = ''
  try {
    readManifest(text, 'f')
  } catch (error) {
    said = (error as Error).message
  }
  expect(said).toMatch(words)
})

test('a need is read the same, written short or long', () => {
  const text = `${head}installed: { b: 1.0.0, c: 2.0.0 }\n${part('    needs: [b, { component: c, version: ">=2" }]\n')}`
  expect(readManifest(text, 'f').components[0]?.needs).toEqual([
    { component: 'b' },
    { component: 'c', version: '>=2' },
  ])
})

test('names of the prototype are unknown names like any other', () => {
  const text = `${head}installed: { b: 1.0.0 }\nteams: { x: {} }\n${part('    needs: [toString]\n')}`
  expect(() => readManifest(text, 'f')).toThrow(/there is no component "toString"/)
})
