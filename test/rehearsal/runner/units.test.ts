import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { after, delaysOf } from '../../../rehearsal/runner/delays.ts'
import { evaluateText } from '../../../rehearsal/runner/expression/evaluate.ts'
import { hashFiles } from '../../../rehearsal/runner/expression/hash-files.ts'
import { excess, permissionsOf } from '../../../rehearsal/runner/workflow/permissions.ts'
import { parseReference } from '../../../rehearsal/runner/workflow/source.ts'

const folder = mkdtempSync(join(tmpdir(), 'units-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(join(folder, 'a/b'), { recursive: true })
for (const path of ['one.txt', 'a/two.txt', 'a/b/three.txt', 'a/b/four.md'])
  writeFileSync(join(folder, path), path)

const hash = (...patterns: string[]) => {
  const expression = `hashFiles(${patterns.map((pattern) => `'${pattern}'`).join(', ')})`
  return evaluateText({ expression }, { contexts: {}, functions: [hashFiles(folder)] })
}

test('hashFiles: none is empty, patterns cross folders with ** only, ! takes back, content counts', () => {
  expect(hash('nope.txt')).toBe('')
  expect(hash('**/nope')).toBe('')
  expect(hash('one.txt')).toMatch(/^[0-9a-f]{64}$/)
  expect(hash('one.txt')).toBe(hash('*.txt'))
  expect(hash('**/*.txt')).not.toBe(hash('*.txt'))
  expect(hash('a/**', '!**/*.md')).toBe(hash('a/two.txt', 'a/b/three.txt'))
  const before = hash('one.txt')
  writeFileSync(join(folder, 'one.txt'), 'changed')
  expect(hash('one.txt')).not.toBe(before)
})

test('platform delays scale, the grace of a signal and the minutes of a time-out do not', () => {
  expect(delaysOf(1)).toMatchObject({
    interruptMs: 7500,
    terminateMs: 2500,
    cancelWindowMs: 300_000,
    heartbeatMs: 600_000,
  })
  expect(delaysOf(0.01)).toMatchObject({
    interruptMs: 7500,
    terminateMs: 2500,
    timeoutMinuteMs: 60_000,
    heartbeatMs: 6000,
  })
  // The window after a cancel holds the real grace whatever the scale is.
  expect(delaysOf(0.001).cancelWindowMs).toBe(20_000)
  expect(delaysOf(0.001, { cancelWindowMs: 5 }).cancelWindowMs).toBe(5)
})

test('a delay beyond what setTimeout takes does not fire at once', async () => {
  let fired = false
  const stop = after(2 ** 31 + 1000, () => {
    fired = true
  })
  await new Promise((resolve) => setTimeout(resolve, 20))
  stop()
  expect(fired).toBe(false)
})

test('permissions: naming one scope sets the others to none; an excess is worded as GitHub does', () => {
  expect(permissionsOf(undefined)).toBeUndefined()
  expect(permissionsOf(new Map())).toEqual({})
  expect(
    permissionsOf(
      new Map([
        ['contents', 'write'],
        ['issues', 'none'],
      ]),
    ),
  ).toEqual({ contents: 'write' })
  expect(permissionsOf('write-all')).toMatchObject({ 'id-token': 'write', contents: 'write' })
  expect(excess({ contents: 'read' }, { contents: 'write' })).toBeUndefined()
  expect(excess({ contents: 'write', checks: 'read' }, { contents: 'read' })).toEqual({
    requested: 'contents: write, checks: read',
    allowed: 'contents: read, checks: none',
  })
})

test.each([
  ['org/relman/actions/x@v1', { repository: 'org/relman', path: 'actions/x', ref: 'v1' }],
  ['actions/checkout@v6', { repository: 'actions/checkout', path: '', ref: 'v6' }],
  ['docker://alpine:3', undefined],
  ['no-ref/here', undefined],
])('%s', (uses, expected) => {
  expect(parseReference(uses)).toEqual(expected)
})
