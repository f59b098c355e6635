import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { root } from './tree.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relman-count-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const good = {
  numPassedTests: 7,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  numPendingTests: 1,
  numTodoTests: 0,
  success: true,
  wasInterrupted: false,
}

/** The last line and the status of `.ci/count.js` for these checks; `report` is what jest wrote, if it did. */
function count(checks: ReadonlyArray<readonly [string, number, 'jest'?]>, report?: unknown) {
  const file = join(folder, 'jest.json')
  if (report !== undefined) writeFileSync(file, typeof report === 'string' ? report : JSON.stringify(report))
  const lines = checks.map(([name, status, kind]) => [name, status, ...(kind ? [file] : [])].join('\t'))
  writeFileSync(join(folder, 'checks.tsv'), lines.map((line) => `${line}\n`).join(''))
  const run = spawnSync(process.execPath, [join(root, '.ci/count.js'), join(folder, 'checks.tsv')])
  return { last: run.stdout.toString().trim().split('\n').at(-1), status: run.status }
}

test('tests and other checks add up', () => {
  const checks = [
    ['npm cit', 0, 'jest'],
    ['types', 0],
    ['lint', 0],
  ] as const
  expect(count(checks, good)).toEqual({ last: '9 passed, 0 failed', status: 0 })
})

test.each([
  ['a failed check', [['types', 2]], undefined, '0 passed, 1 failed'],
  ['no check at all', [], undefined, '0 passed, 1 failed'],
  ['a runner that left no report', [['npm cit', 0, 'jest']], undefined, '0 passed, 1 failed'],
  ['a runner that crashed after its tests', [['npm cit', 134, 'jest']], good, '7 passed, 1 failed'],
  [
    'a suite that ran nothing',
    [['npm cit', 0, 'jest']],
    { ...good, numPassedTests: 0 },
    '0 passed, 1 failed',
  ],
  [
    'a run that was cut off',
    [['npm cit', 0, 'jest']],
    { ...good, wasInterrupted: true },
    '7 passed, 1 failed',
  ],
  [
    'a failed test and a file that does not load',
    [['npm cit', 1, 'jest']],
    { ...good, success: false, numFailedTests: 2, numRuntimeErrorTestSuites: 1 },
    '7 passed, 3 failed',
  ],
] as const)('%s is not green', (_, checks, report, last) => {
  expect(count(checks, report)).toEqual({ last, status: 3 })
})

test('half a report is a crash, not a verdict', () => {
  const { status } = count([['npm cit', 0, 'jest']], '{"numPassedTests":7')
  expect([0, 3]).not.toContain(status)
})
