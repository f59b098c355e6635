import { expect, test } from '@jest/globals'
import { fault } from './fault.ts'

const deferred = (reason: string) =>
  `features: { deferred: [{ issue: 24, version: 1.4.0, reason: ${reason}, by: lee }] }\n`

test.each([
  [
    'a text that is too short',
    deferred('late'),
    /reason: say in a sentence why, at least 10 letters, not "late"$/,
  ],
  ['an empty text', 'schedule: { calendars: [{ source: "" }] }\n', /source: must not be empty, not ""$/],
  [
    'a text that is too long',
    `freeze: { label: ${'x'.repeat(51)} }\n`,
    /label: write at most 50 characters, not /,
  ],
  ['an empty list', 'rollout: { steps: [] }\n', /rollout\.steps: must not be empty, not a list$/],
  [
    'a list that is too long',
    `branches: { types: [major, major, major, major] }\n`,
    /types: write at most 3 entries, not a list$/,
  ],
  ['a number that is too small', 'promotion: { keep: 0 }\n', /keep: write at least 1, not 0$/],
  ['a number that is too large', 'calendar: { most: 21 }\n', /most: write at most 20, not 21$/],
])('%s is told what to write', (_, text, sentence) => expect(fault(text)).toMatch(sentence))
