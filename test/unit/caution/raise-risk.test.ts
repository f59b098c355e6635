import { expect, test } from '@jest/globals'
import { raiseRisk, type TakenBack } from '@relman/core/caution/raise-risk'
import type { Change } from '@relman/core/scope/change'
import { change } from '../plan/facts.ts'

const back = (version: string, paths: string[], last = false, shas: string[] = []): TakenBack => ({
  ...{ version, why: 'rolled back (errors)', last },
  ...{ paths: new Set(paths), shas: new Set(shas) },
})
const item = (paths: string[] | null, more: Partial<Change> = {}) => ({ change: change(more), paths })
const levels = (items: ReturnType<typeof item>[], taken: TakenBack[]) =>
  raiseRisk(items, taken).items.map((one) => one.change.level)

test.each<[string, string[] | null, TakenBack[], string]>([
  ['the file of the last release', ['src/cart.ts'], [back('1.4.0', ['src/cart.ts'], true)], 'high'],
  ['another file', ['src/b.ts'], [back('1.4.0', ['src/cart.ts'], true)], 'medium'],
  ['a file of one further back', ['src/cart.ts'], [back('1.4.0', ['src/cart.ts'])], 'medium'],
  [
    'a file of two of the last five',
    ['src/cart.ts'],
    [back('1.4.0', ['src/cart.ts']), back('1.2.0', ['src/cart.ts'])],
    'high',
  ],
  ['documentation', ['README.md'], [back('1.4.0', ['README.md'], true)], 'medium'],
  ['what each release touches', ['package.json'], [back('1.4.0', ['package.json'], true)], 'medium'],
  ['files that were not read', null, [back('1.4.0', ['src/cart.ts'], true)], 'medium'],
])('L6: a change that touches %s', (_, paths, taken, level) => {
  expect(levels([item(paths)], taken)).toEqual([level])
})

test('L6: the reason names release and file, and the lesson how many changes it is about', () => {
  const taken = [back('1.4.0', ['src/cart.ts'], true, ['s'.repeat(40)])]
  const { items, lessons } = raiseRisk(
    [
      item(['src/cart.ts'], { level: 'low', levelWhy: 'x' }),
      item(['src/cart.ts'], { sha: 's'.repeat(40) }),
      item(['src/cart.ts'], { level: 'high', levelWhy: 'payment (src/cart.ts)' }),
      item(['src/cart.ts'], { reverted: true }),
    ],
    taken,
  )
  expect(items.map(({ change: { level, levelWhy } }) => `${level}: ${levelWhy}`)).toEqual([
    'medium: touches what was changed by 1.4.0, which was rolled back (errors) (src/cart.ts)',
    'high: shipped in 1.4.0, which was rolled back (errors) (src/cart.ts)',
    'high: payment (src/cart.ts); touches what was changed by 1.4.0, which was rolled back (errors) (src/cart.ts)',
    'medium: code that users do not see directly (src/a.ts)',
  ])
  expect(lessons).toEqual([
    {
      from: '1.4.0',
      why: 'the last release was rolled back (errors)',
      change: '2 changes count one level riskier: they touch files that it changed (src/cart.ts, …)',
    },
  ])
})
