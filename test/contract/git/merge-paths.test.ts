import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { openGit } from '@relman/core/adapters/git/open-git'
import { config } from '@relman/core/config/config'
import { assessor } from '@relman/core/risk/assess-change'
import { inventory } from '@relman/core/scope/inventory'
import { findRange } from '../../../actions/plan-release/find-range.ts'
import { closeRepository, commit as commitFiles, folder, git, openRepository } from './repository.ts'

afterEach(closeRepository)
const lines = (at = -1, text = '') =>
  Array.from({ length: 30 }, (_, line) => `${line === at ? text : line}\n`).join('')
const commit = (message: string, path: string, text: string): string => commitFiles(message, { [path]: text })

/** A fix was released from `stable`, and `stable` is merged into main; `by` mends the conflict or changes what it likes. */
const plan = async (own: string, by: () => void) => {
  openRepository('merges-')
  commit('feat: begin', 'auth.ts', lines())
  git('tag', 'v1.0.0')
  git('switch', '-q', '-c', 'stable')
  commit('fix: login', 'auth.ts', lines(2, 'mended'))
  git('tag', 'v1.0.1')
  git('switch', '-q', 'main')
  commit('docs: a word', 'auth.ts', lines(20, own))
  git('merge', '-q', '--no-ff', '--no-commit', 'stable')
  by()
  git('add', '-A')
  git('commit', '-q', '-m', "Merge branch 'stable'")
  const policy = config.parse({}).version
  const opened = await openGit(folder)
  const { commits, previous } = await findRange({
    git: opened,
    sha: git('rev-parse', 'HEAD'),
    from: '',
    policy,
    service: 'shop',
  })
  expect(previous?.version).toBe('1.0.1')
  const assess = assessor([])
  return inventory(commits, null).map((item) => [
    item.change.title,
    item.change.kind,
    item.change.readable,
    item.paths,
    assess(item).level,
  ])
}
const word = ['a word', 'docs', true, ['auth.ts'], 'high']

test('P1, P5: a merge of a maintenance branch whose fixes were released is listed, changes nothing and is no risk', async () => {
  const found = await plan('text', () => {})
  expect(found).toEqual([["Merge branch 'stable'", 'chore', true, [], 'low'], word])
})

test('what such a merge holds of its own counts as before', async () => {
  const found = await plan('text', () => {
    writeFileSync(join(folder, 'auth.ts'), lines(2, 'mended').replace('\n9\n', '\nsly\n'))
    writeFileSync(join(folder, 'odd "ü.tf'), 'new')
  })
  const [merge] = found
  expect([merge?.[1], merge?.[2], merge?.[4]]).toEqual(['other', false, 'high'])
  expect(merge?.[3]).toEqual(['auth.ts', 'odd "ü.tf'])
})

test('nor is one joined that throws away what a side did', async () => {
  const found = await plan('text', () => writeFileSync(join(folder, 'auth.ts'), lines(2, 'mended')))
  expect(found[0]?.slice(1)).toEqual(['other', false, ['auth.ts'], 'high'])
})
