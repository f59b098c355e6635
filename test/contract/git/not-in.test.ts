import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openGit } from '@relman/core/adapters/git/open-git'

let folder: string
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'commit.gpgsign=false', ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...process.env,
      ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
      ...{
        GIT_AUTHOR_NAME: 'a',
        GIT_AUTHOR_EMAIL: 'a@b',
        GIT_COMMITTER_NAME: 'a',
        GIT_COMMITTER_EMAIL: 'a@b',
      },
    },
  }).trim()

const commit = (message: string, files: Record<string, string | Buffer>): string => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  git('add', '-A')
  git('commit', '-q', '--allow-empty', '-m', message)
  return git('rev-parse', 'HEAD')
}

let tip: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'not-in-'))
  git('init', '-q', '-b', 'main')
  commit('feat: begin', { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n' })
  git('switch', '-q', '-c', 'hotfix')
  tip = commit('fix: one', { 'src/a.ts': 'mended\n' })
  git('switch', '-q', 'main')
  commit('feat: more', { 'src/c.ts': 'c\n' })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

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
