import { expect, test } from '@jest/globals'
import { callerFaults } from '@relman/core/train/caller-faults'

const right = `name: release
run-name: release \${{ inputs.train || 'by hand' }}
on:
  workflow_dispatch:
    inputs:
      train: { type: string }
      version: { type: string }
jobs: {}
`

test('P8: a caller that takes what a train gives', () => {
  expect(callerFaults(right, 'release.yml', 'release')).toEqual([])
})

test.each([
  ['is not there', null, /^there is no \.github\/workflows\/release\.yml on its default branch/],
  [
    'starts with a schedule only',
    right.replace('workflow_dispatch', 'schedule'),
    /lacks the workflow_dispatch inputs train and version/,
  ],
  ['does not take the version', right.replace('version: { type: string }', 'versoin: {}'), /inputs version;/],
  [
    'has no key in its name',
    right.replace('inputs.train', 'github.actor'),
    /run-name .* lacks \$\{\{ inputs\.train \}\}/,
  ],
  ['has no name', right.replace(/^run-name.*\n/m, ''), /run-name/],
  ['is no YAML', 'on: [', /could not be read as YAML/],
  ['is a list', '- 1', /lacks/],
  ['is huge', `# ${'x'.repeat(300_000)}\n${right}`, /could not be read/],
])('P8: a caller that %s cannot be driven', (_, text, words) => {
  expect(callerFaults(text, 'release.yml', 'release').join('\n')).toMatch(words)
})

test('a bomb of aliases is refused', () => {
  const bomb = `a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: &d [*c, *c, *c, *c]\ne: [*d, *d, *d, *d]\n`
  expect(callerFaults(bomb, 'release.yml', 'release')[0]).toMatch(/could not be read|lacks/)
})
