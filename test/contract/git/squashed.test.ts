import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openGit } from '@relman/core/adapters/git/open-git'
import { closeRepository, commit, folder, git, openRepository } from './repository.ts'

const lines = (change: Record<number, string> = {}): string =>
  Array.from({ length: 30 }, (_, at) => `${change[at] ?? `line ${at}`}\n`).join('')

let fixes: string[]
beforeEach(() => {
  openRepository('squashed-')
  commit('feat: begin', { 'src/a.ts': lines(), 'odd "ü\n.ts': lines(), VERSION: '1' })
  git('switch', '-q', '-c', 'hotfix')
  fixes = [
    commit('fix: one', { 'src/a.ts': lines({ 10: 'mended' }) }),
    commit('fix: two', {
      'src/a.ts': lines({ 10: 'mended well', 20: 'too' }),
      'odd "ü\n.ts': lines({ 3: 'x' }),
    }),
  ]
  commit('chore(release): 1.0.1', { VERSION: '1.0.1' })
  git('switch', '-q', 'main')
})
afterEach(closeRepository)

const squash = (more: Record<string, string> = {}): string => {
  git('merge', '-q', '--squash', fixes[1] ?? '')
  return commit('fix: both (#9)', more)
}
const found = async (): Promise<string | null> =>
  (await openGit(folder)).squashed(git('rev-parse', 'main'), fixes)

test('P12: what commits bring together is found as the one commit that a squash made of them, beside files of its own', async () => {
  commit('feat: other', { 'src/a.ts': lines({ 28: 'far away' }), 'src/b.ts': 'b' })
  expect(await found()).toBe(null)
  const squashed = squash({ 'CHANGELOG.md': 'both' })
  commit('feat: next', { 'src/c.ts': 'c' })
  expect(await found()).toBe(squashed)
  git('revert', '--no-edit', squashed)
  expect(await found()).toBe(null)
  git('revert', '--no-edit', 'HEAD')
  expect(await found()).toBe(git('rev-parse', 'HEAD'))
})

test('half of it, another content of the same lines, and lines that stand elsewhere are not it', async () => {
  commit('fix: one alone', { 'src/a.ts': lines({ 10: 'mended' }) })
  commit('fix: otherwise', { 'src/a.ts': lines({ 10: 'mended ill', 20: 'too' }) })
  expect(await found()).toBe(null)
})

test('a merge counts as what it brings', async () => {
  git('switch', '-q', '-c', 'topic')
  squash()
  git('switch', '-q', 'main')
  commit('feat: other', { 'src/b.ts': 'b' })
  git('merge', '-q', '--no-ff', '-m', 'Merge topic', 'topic')
  expect(await found()).toBe(git('rev-parse', 'HEAD'))
})

test('of a binary file nothing is said', async () => {
  git('switch', '-q', 'hotfix')
  fixes = [commit('fix: logo', { 'logo.png': Buffer.from([0, 1, 2, 0]) })]
  git('switch', '-q', 'main')
  commit('fix: logo', { 'logo.png': Buffer.from([0, 9, 9, 0]) })
  expect(await found()).toBe(null)
})
