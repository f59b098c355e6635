import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { names } from '../../actions/dispatch.ts'
import { entries, filesLike, git, isWorkTree, read, root } from './tree.ts'

const built = entries()
  .map(({ path }) => path)
  .filter((path) => path.startsWith('dist/'))
const chunks = /^dist\/(core|rehearse)\/((\d+\.)?index\.js|licenses\.txt)$/
const bytes = (path: string): number => statSync(join(root, path)).size
const inGit = isWorkTree() ? test : test.skip

test('dist has a stub for each program, the three bundles and nothing else', () => {
  const stubs = names.map((name) => `dist/${name}/index.js`)
  const sql = ['index.cjs', 'libpg-query.wasm', 'licenses.txt'].map((file) => `dist/sql/${file}`)
  const fixed = ['dist/package.json', 'dist/core/index.js', 'dist/rehearse/index.js', ...sql, ...stubs]
  expect(fixed.filter((path) => !built.includes(path))).toEqual([])
  expect(built.filter((path) => !fixed.includes(path) && !chunks.test(path))).toEqual([])
  for (const name of names) {
    expect(read(`dist/${name}/index.js`)).toBe(
      `import { main } from '../core/index.js'\nawait main('${name}')\n`,
    )
  }
})

test('no bundle has a hole where ncc did not find a module', () => {
  expect(built.filter((path) => /eval\(\s*["'`]require/.test(read(path)))).toEqual([])
})

test('every chunk that a bundle asks for is there', () => {
  const missing = ['core', 'rehearse'].flatMap((bundle) =>
    [...read(`dist/${bundle}/index.js`).matchAll(/\.e\((\d+)\)/g)]
      .map(([, id]) => `dist/${bundle}/${id}.index.js`)
      .filter((path) => !existsSync(join(root, path))),
  )
  expect(missing).toEqual([])
})

test('what the six actions load together is at most 2.2 MB', () => {
  const core = built.filter((path) => path.startsWith('dist/core/') && path.endsWith('.js'))
  const total = core.reduce((sum, path) => sum + bytes(path), 0)
  process.stdout.write(`dist/core: ${core.length} files, ${total} bytes\n`)
  expect(core.length).toBeGreaterThan(names.length)
  expect(total).toBeLessThanOrEqual(2_200_000)
})

test('each action.yml runs its own stub on Node 24', () => {
  const actions = names.filter((name) => name !== 'relman')
  expect(filesLike(/^actions\/[^/]+\/action\.yml$/)).toEqual(
    actions.map((name) => `actions/${name}/action.yml`).sort(),
  )
  for (const name of actions) {
    const { runs } = parse(read(`actions/${name}/action.yml`))
    expect({ name, ...runs }).toMatchObject({ name, using: 'node24', main: `../../dist/${name}/index.js` })
    expect(Object.keys(runs).sort()).toEqual(['main', 'using'])
  }
})

// An unpacked archive has no git to ask: skipped there.
inGit('every file of dist is in git', () => {
  const tracked = git('ls-files', 'dist').toString().trim().split('\n')
  expect(built.filter((path) => !tracked.includes(path))).toEqual([])
})

inGit('what a job downloads, the repository, packs into 3.3 MB', () => {
  const packed = gzipSync(git('archive', 'HEAD')).length
  process.stdout.write(`git archive HEAD | gzip: ${packed} bytes\n`)
  expect(packed).toBeLessThanOrEqual(3_300_000)
})
