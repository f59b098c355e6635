import { execFileSync } from 'node:child_process'
import { afterEach, expect, test } from '@jest/globals'
import { main, results, type World, world } from './world.ts'

let w: World
afterEach(() => w?.end())

const job = (permissions: string, run: string, inputs = '{}') =>
  main(
    `  a:\n    runs-on: x\n    permissions: ${permissions}\n    steps:\n      - { uses: actions/checkout@v6, with: ${inputs} }\n      - run: |\n${run.replace(/^/gm, '          ')}\n`,
  )
const commit = (message: string, ...tag: string[]) => {
  const git = (...args: string[]) =>
    execFileSync('git', [
      '-C',
      `${w.root}/clone`,
      '-c',
      'user.name=t',
      '-c',
      'user.email=t@example.com',
      ...args,
    ])
      .toString()
      .trim()
  git('commit', '--quiet', '--allow-empty', '-m', message)
  for (const name of tag) git('tag', name)
  git('push', '--quiet', '--tags', `${w.root}/shop.git`, 'HEAD:main')
  return git('rev-parse', 'HEAD')
}
const look =
  'echo "branch=$(git rev-parse --abbrev-ref HEAD) commits=$(git rev-list --count HEAD) tags=$(git tag | wc -l)"\necho "head=$(git rev-parse HEAD) clean=[$(git status --porcelain)]"'

test('by default one commit of the run, on its branch, without tags', async () => {
  w = world(job('{ contents: read }', look))
  commit('two', 'v1')
  const head = commit('three')
  expect((await w.run()).conclusion).toBe('success')
  expect(w.logs()).toEqual(expect.arrayContaining(['branch=main commits=1 tags=0', `head=${head} clean=[]`]))
})

test('fetch-depth: 0 brings all commits and tags; ref names a tag or an older commit', async () => {
  w = world(job('{ contents: read }', look, '{ fetch-depth: 0 }'))
  commit('two', 'v1')
  commit('three')
  await w.run()
  expect(w.logs()).toContain('branch=main commits=3 tags=1')
  await w.end()
  w = world(job('{ contents: read }', look, '{ ref: v1 }'))
  const tagged = commit('two', 'v1')
  commit('three')
  await w.run()
  expect(w.logs()).toEqual(
    expect.arrayContaining(['branch=HEAD commits=1 tags=0', `head=${tagged} clean=[]`]),
  )
})

test('it needs contents: read, and pushing needs contents: write', async () => {
  w = world(job('{}', 'true'))
  expect((await w.run()).annotations[0]?.message).toContain("no 'contents: read'")
  await w.end()
  const push = 'git push --quiet origin HEAD:refs/heads/other'
  w = world(job('{ contents: read }', push))
  expect(results(await w.run())).toEqual({ a: 'failure' })
  await w.end()
  w = world(job('{ contents: write }', push))
  expect(results(await w.run())).toEqual({ a: 'success' })
  expect(execFileSync('git', ['--git-dir', w.hub.gitDir, 'rev-parse', 'other']).toString().trim()).toBe(w.sha)
})

test.each([
  ['{ ref: nope }', "A branch or tag with the name 'nope' could not be found"],
  ['{ repository: other/one }', "knows acme/shop only, not 'other/one'"],
])('with %s it fails and says why', async (inputs, message) => {
  w = world(job('{ contents: read }', 'true', inputs))
  expect((await w.run()).annotations[0]?.message).toContain(message)
})
