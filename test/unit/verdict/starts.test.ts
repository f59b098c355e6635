import { expect, test } from '@jest/globals'
import { addToStarts, type Grid, mixtureOf } from '@relman/core/verdict/grid'

/** Grids of one node after looks that each add `by(look)` nats. */
const after = (looks: number, by: (look: number) => number): Grid[] => {
  let grids: Grid[] = []
  for (let look = 0; look < looks; look++) grids = addToStarts(grids, [by(look)], look)
  return grids
}
const evidence = (grids: readonly Grid[]) => mixtureOf(grids, ([value = 0]) => Math.exp(value / 1e4))

test.each([1, 5, 100, 129, 193, 1000, 6000])(
  'after %i looks that say nothing the capital is at most 1',
  (looks) => {
    const value = evidence(after(looks, () => 0))
    expect(value).toBeLessThanOrEqual(1 + 1e-9)
    // What forgotten starts had is gone.
    expect(value).toBeGreaterThan(0.7)
  },
)

test('V4: a fair bet on each look keeps its expectation, starts after the last listed one included', () => {
  // All ways in which 12 coins fall around the start at look 192; each doubles the stake or loses most of it.
  let sum = 0
  for (let way = 0; way < 4096; way++) {
    const coin = (look: number) => (way >> (look - 186)) & 1
    const grids = after(198, (look) => (look < 186 ? 0 : Math.log(coin(look) ? 1.9 : 0.1)))
    sum += evidence(grids)
  }
  const before = evidence(after(186, () => 0))
  expect(sum / 4096).toBeLessThanOrEqual(before + 1e-3)
  expect(sum / 4096).toBeGreaterThan(before - 0.05)
}, 60_000)

test.each([40, 300, 2000])('a fault that begins at look %i is found in reasonable time', (onset) => {
  let grids = after(onset, () => -0.1)
  let looks = 0
  while (evidence(grids) < 100 && looks < 200) {
    grids = addToStarts(grids, [0.3], onset + looks)
    looks++
  }
  // 0.3 nats a look reach 100 to 1 after 16 looks when the moment is known.
  expect(looks).toBeLessThan(110)
})

test('only ten later starts are followed', () => {
  const grids = after(3000, () => 0)
  expect(grids.filter((grid) => grid.length > 0)).toHaveLength(11)
  expect(grids[0]).not.toEqual([])
})
