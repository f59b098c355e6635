import { afterEach, expect, test } from '@jest/globals'
import { MatrixFault, strategyOf } from '../../../rehearsal/runner/workflow/matrix.ts'
import type { Tree } from '../../../rehearsal/runner/workflow/tree.ts'
import { main, results, type World, world } from './world.ts'

let w: World | undefined
afterEach(() => w?.end())

const tree = (value: unknown): Tree =>
  Array.isArray(value)
    ? value.map(tree)
    : typeof value === 'object' && value !== null
      ? new Map(Object.entries(value).map(([key, item]) => [key, tree(item)]))
      : (value as Tree)
const combinations = (matrix: unknown) =>
  strategyOf(tree({ matrix }), { contexts: {} }).combinations.map((combination) => combination.matrix)

test.each([
  [
    'a product, the last vector fastest',
    { a: [1, 2], b: ['x', 'y'] },
    [
      { a: 1, b: 'x' },
      { a: 1, b: 'y' },
      { a: 2, b: 'x' },
      { a: 2, b: 'y' },
    ],
  ],
  [
    'exclude by a part',
    { a: [1, 2], b: ['x', 'y'], exclude: [{ a: 2 }] },
    [
      { a: 1, b: 'x' },
      { a: 1, b: 'y' },
    ],
  ],
  [
    'include extends what matches',
    { a: [1, 2], include: [{ a: 2, c: 'new' }] },
    [{ a: 1 }, { a: 2, c: 'new' }],
  ],
  ['include without a match adds', { a: [1], include: [{ a: 9, c: 'x' }] }, [{ a: 1 }, { a: 9, c: 'x' }]],
  [
    'include without vector keys goes to all',
    { a: [1, 2], include: [{ c: 'all' }] },
    [
      { a: 1, c: 'all' },
      { a: 2, c: 'all' },
    ],
  ],
  ['include alone', { include: [{ role: 'qa' }, { role: 'owner' }] }, [{ role: 'qa' }, { role: 'owner' }]],
])('%s', (_, matrix, expected) => {
  expect(combinations(matrix)).toEqual(expected)
})

test.each([
  ['an empty vector', { a: [] }, "Matrix vector 'a' does not contain any values"],
  ['nothing left', { a: [1], exclude: [{ a: 1 }] }, 'at least one'],
  ['an exclude key that is no vector', { a: [1], exclude: [{ z: 1 }] }, "'z' does not match any key"],
  ['257 jobs', { a: Array.from({ length: 257 }, (_, i) => i) }, '256'],
])('%s is refused', (_, matrix, message) => {
  expect(() => combinations(matrix)).toThrow(MatrixFault)
  expect(() => combinations(matrix)).toThrow(message)
})

test('an empty vector from fromJSON fails the job, as on GitHub, and does not skip it', async () => {
  w = world(
    main(`
  roles:
    runs-on: x
    strategy: { matrix: { role: '\${{ fromJSON(''[]'') }}' } }
    steps: [{ run: 'true' }]
`),
  )
  const result = await w.run()
  expect(results(result)).toEqual({ roles: 'failure' })
  expect(result.annotations[0]?.message).toContain("Matrix vector 'role' does not contain any values")
})

test('fail-fast cancels the other jobs of the matrix; without it they end by themselves', async () => {
  const jobs = (failFast: boolean) =>
    main(`
  m:
    runs-on: x
    strategy: { fail-fast: ${failFast}, matrix: { who: [bad, slow] } }
    steps:
      - run: if [ \${{ matrix.who }} = bad ]; then sleep 0.2; exit 1; else sleep 1; fi
`)
  w = world(jobs(true))
  expect(results(await w.run())).toEqual({ 'm (bad)': 'failure', 'm (slow)': 'cancelled' })
  await w.end()
  w = world(jobs(false))
  expect(results(await w.run())).toEqual({ 'm (bad)': 'failure', 'm (slow)': 'success' })
})

test('max-parallel bounds how many jobs run at the same moment', async () => {
  w = world(
    main(`
  m:
    runs-on: x
    name: part \${{ matrix.n }} of \${{ strategy.job-total }}
    strategy: { max-parallel: 1, matrix: { n: [1, 2, 3] } }
    steps: [{ run: sleep 0.1 }]
`),
  )
  expect(Object.keys(results(await w.run()))).toEqual(['part 1 of 3', 'part 2 of 3', 'part 3 of 3'])
  let running = 0
  let most = 0
  for (const event of w.events) {
    if (event.type === 'job-started') running++
    if (event.type === 'job-finished') running--
    most = Math.max(most, running)
  }
  expect(most).toBe(1)
})
