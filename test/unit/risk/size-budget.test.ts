import { expect, test } from '@jest/globals'
import { mostFiles, withinBudget } from '@relman/core/risk/size-budget'

const item = (sha: string, files: number | null, level: 'low' | 'medium' | 'high' = 'medium') => ({
  change: { sha, level },
  paths: files === null ? null : Array.from({ length: files }, (_, index) => `${sha}/${index}`),
})

test('P5: all changes as long as their files fit, whatever their number', () => {
  const items = Array.from({ length: 900 }, (_, index) => item(String(index), 3))
  expect(withinBudget(items)).toHaveLength(900)
})

test('P5: riskier changes first, then the newest, and what still fits after one that does not', () => {
  const items = [item('new', 4), item('old', 4), item('risky', 5, 'high'), item('quiet', 1, 'low')]
  expect(withinBudget(items, 10)).toEqual(['risky', 'new', 'quiet'])
})

test('a change that touches thousands of files does not take the budget of the others, however risky', () => {
  expect(withinBudget([item('moved', mostFiles + 1, 'high'), item('fix', 1)])).toEqual(['fix'])
})

test('a change whose files are not known counts as one', () => {
  expect(withinBudget([item('a', null), item('b', null)], 1)).toEqual(['a'])
})
