import { describe, expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'

const read = (...lines: string[]) =>
  readConfig(`metrics:\n${lines.map((line) => `  ${line}\n`).join('')}`, 'relman.yml')
const errors = 'kind: ratio, name: errors, total: t, events: e'

describe('V3: baselines as they are written', () => {
  test('stable is the default, and a check may name its own', () => {
    const { metrics } = read(
      'checks:',
      `  - { ${errors} }`,
      `  - { ${errors.replace('errors', 'slo')}, baseline: objective, objective: 0.5 % }`,
    )
    expect([metrics?.baseline, metrics?.checks.map(({ baseline }) => baseline)]).toEqual([
      'stable',
      [undefined, 'objective'],
    ])
  })

  test.each([
    ['a word that is none', [`checks: [{ ${errors}, baseline: previous }]`], /2:\d+: .*previous-release/],
    [
      'an objective without its figure',
      [`checks: [{ ${errors}, baseline: objective }]`],
      /errors .*has none; write for example objective: 0.5 %/,
    ],
    [
      'an objective of nothing',
      [`checks: [{ ${errors}, baseline: objective, objective: 0 }]`],
      /more than 0 %/,
    ],
    [
      'a figure that nothing is compared with',
      [`checks: [{ ${errors}, objective: 1 % }]`],
      /not compared with it; write baseline: objective/,
    ],
    [
      'an objective for all, and a check that cannot have one',
      ['baseline: objective', 'checks: [{ kind: rate, name: orders, total: t, events: e }]'],
      /orders is a rate; only a ratio/,
    ],
    [
      'everything in staging',
      ['baseline: staging', `checks: [{ ${errors} }]`],
      /give at least one check another baseline/,
    ],
  ])('23: %s is refused with place and fix', (_, lines, message) => {
    expect(() => read(...lines)).toThrow(message)
  })
})
