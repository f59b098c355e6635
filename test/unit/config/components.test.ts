import { expect, test } from '@jest/globals'
import { componentCircle } from '@relman/core/config/component-circle'
import { readConfig } from '@relman/core/config/read-config'

const needs = (text: string) =>
  Object.fromEntries(
    text.split('; ').map((part) => {
      const [name = '', list = ''] = part.split(' < ')
      return [name, { 'depends-on': list.split(' ').filter((need) => need !== '') }]
    }),
  )

test.each([
  ['a; b < a; c < a b', null],
  ['a < b; b < a', ['a', 'b', 'a']],
  ['x; y < a; a < x b; b < c; c < a', ['a', 'b', 'c', 'a']],
])('P7: %s: the circle is %j', (text, circle) => {
  expect(componentCircle(needs(text))).toEqual(circle)
})

test('P7: relman check and the plan name the place of a circle', () => {
  const text = 'components:\n  a: { path: a, depends-on: [b] }\n  b: { path: b, depends-on: [a] }\n'
  expect(() => readConfig(text, 'relman.yml')).toThrow(
    /^relman\.yml:2:\d+: components\.a\.depends-on: components need each other in a circle: a → b → a; take one/,
  )
})

test('a key that is written twice is named', () => {
  expect(() => readConfig('service: a\nmode: observe\nservice: b\n', 'relman.yml')).toThrow(
    'relman.yml:3:1: "service" is written twice here; keep one',
  )
})
