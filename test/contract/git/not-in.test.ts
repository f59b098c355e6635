import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openGit } from '@relman/core/adapters/git/open-git'
import { closeRepository, commit, folder, git, openRepository } from './repository.ts'

let tip: string
beforeEach(() => {
  openRepository('not-in-')
  commit('feat: begin', { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n' })
  git('switch', '-q', '-c', 'hotfix')
  tip = commit('fix: one', { 'src/a.ts': 'mended\n' })
  git('switch', '-q', 'main')
  commit('feat: more', { 'src/c.ts': 'c\n' })
})
afterEach(closeRepository)

const missing = async (): Promise<string[]> => {
  const found = await (await openGit(folder)).notIn(git('rev-parse', 'main'), tip)
  return found.map(({ message, copy }) => `${message}${copy === null ? '' : ', copied'}`)
}
const revert = (...args: string[]) => git('revert', '--no-edit', ...args)
const pick = () => git('cherry-pick', tip)
const merge = () => git('merge', '-q', '--no-ff', '-m', 'Merge hotfix', 'hotfix')

test.each<[string, () => void, string[]]>([
  ['never came', () => {}, ['fix: one']],
  ['picked', pick, []],
  ['picked and reverted', () => [pick(), revert('HEAD')], ['fix: one']],
  ['picked, reverted, and the revert reverted', () => [pick(), revert('HEAD'), revert('HEAD')], []],
  ['merged', merge, []],
  ['merged and the merge reverted', () => [merge(), revert('-m', '1', 'HEAD')], ['fix: one']],
  ['merged and the commit reverted', () => [merge(), revert(tip)], ['fix: one']],
  ['merged, and something else reverted', () => [merge(), revert('HEAD^1')], []],
  [
    'merged, reverted, and brought again',
    () => [merge(), revert('-m', '1', 'HEAD'), pick()],
    ['fix: one, copied'],
  ],
  ['on the line itself, and reverted', () => [git('reset', '-q', '--hard', tip), revert(tip)], ['fix: one']],
])('P12: a fix that was %s', async (_, make, expected) => {
  make()
  expect(await missing()).toEqual(expected)
})
