import { expect, test } from '@jest/globals'
import { sha256 } from '@relman/core/adapters/hash/sha256'
import { faultsOf, givenTo, takenBy } from '@relman/core/calendar/caller'
import { claimed, nextOf, runKey, started, startOf, unmade } from '@relman/core/calendar/start'
import { readCaller } from '@relman/core/train/read-caller'
import { type Draft, dated, digest, sealed } from './dated.ts'

const about = { act: 'release', subject: '2026-12-15T08:00:00.000Z' } as const
const claim = (attempt = 1) => claimed(about, attempt, 'release.yml')
const at = '2026-12-15T08:00:00.000Z'
const after = (seconds: number) => new Date(Date.parse(at) + seconds * 1000).toISOString()
const next = (
  drafts: readonly Draft[],
  seconds: number,
  found: { id: number; url: string } | null = null,
) => {
  const outcome = nextOf('release', startOf(sealed(drafts, at, dated().events), about), found, after(seconds))
  return outcome.next === 'start' ? `start ${outcome.attempt}` : outcome.next
}
const unmades = (stage: 'withdrawn' | 'refused', count: number) =>
  Array.from({ length: count }, (_, index) => [
    claim(index + 1),
    unmade(about, stage, index + 1, 'no'),
  ]).flat()

test.each([
  ['not claimed', [], 0, null, 'start 1'],
  ['claimed by another pass a moment ago', [claim()], 2999, null, 'wait'],
  ['killed between claim and start', [claim()], 3000, null, 'start 2'],
  ['killed between start and note', [claim()], 5, { id: 7, url: 'u' }, 'started'],
  ['noted', [claim(), started(about, 7, 'u')], 9_000, null, 'started'],
  ['killed three times', [claim(), claim(2), claim(3)], 3000, null, 'lost'],
  ['refused: again at once', unmades('refused', 2), 0, null, 'start 3'],
  ['refused three times', unmades('refused', 3), 0, null, 'lost'],
  ['no right: again at once, and not counted', unmades('withdrawn', 4), 0, null, 'start 5'],
  ['no right, five times', unmades('withdrawn', 5), 0, null, 'lost'],
  ['the clock jumped back a little since the claim', [claim()], -60, null, 'wait'],
  ['the claim is of a clock that was days ahead', [claim()], -200_000, null, 'start 2'],
] as const)('L5: %s', (_, drafts, seconds, found, expected) => {
  expect(next(drafts, seconds, found)).toBe(expected)
})

test('L5: what touches no production is asked for again after two minutes, a release by the next hourly pass', () => {
  const start = startOf(sealed([claim()], at, dated().events), about)
  const after2 = (act: 'plan' | 'review' | 'release') => nextOf(act, start, null, after(120)).next
  expect([after2('plan'), after2('review'), after2('release')]).toEqual(['start', 'start', 'wait'])
})

test('L5: another date, or another act, is another start', () => {
  const events = sealed([claim(), started(about, 7, 'u')], at, dated().events)
  expect(startOf(events, { ...about, subject: '2026-12-22T08:00:00.000Z' }).attempts).toBe(0)
  expect(startOf(events, { ...about, act: 'review' }).attempts).toBe(0)
  const key = (version: string) => runKey(about, { service: 'shop', version }, sha256)
  expect([key('1.3.0') === key('1.3.1'), key('1.3.0')]).toEqual([
    false,
    expect.stringMatching(/^[0-9a-f]{24}$/),
  ])
})

const caller = (inputs: string, title = 'release $' + '{{ inputs.calendar }}') =>
  readCaller(`run-name: ${title}\non:\n  workflow_dispatch:\n    inputs: { ${inputs} }\njobs: {}\n`)
const given = (act: 'plan' | 'release' | 'review', more = {}) =>
  givenTo(act, dated(), { key: 'k', component: '', branch: '', ...more })

test.each([
  ['release', 'calendar: {}, ref: {}, version: {}', {}, []],
  ['release', 'calendar: {}, version: {}', {}, [/lacks the workflow_dispatch inputs ref:/]],
  ['release', 'calendar: {}, ref: {}, version: {}', { component: 'api' }, [/inputs component:/]],
  ['plan', 'calendar: {}', {}, []],
  ['plan', 'calendar: {}', { branch: 'release/1.3.0' }, [/inputs ref:/]],
  ['review', 'calendar: {}', {}, [/neither of the workflow_dispatch inputs version and digest/]],
  ['review', 'calendar: {}, digest: {}', {}, []],
] as const)('L5: the caller for %s that takes { %s } with %j', (act, inputs, more, expected) => {
  const faults = faultsOf(caller(inputs), 'x.yml', act, given(act, more))
  expect(faults).toEqual(expected.map((each) => expect.stringMatching(each)))
})

test('L5: a caller whose runs could not be found again is not started; only what it takes is given', () => {
  expect(faultsOf(caller('calendar: {}', 'release'), 'x.yml', 'plan', given('plan'))[0]).toMatch(
    /run-name .* lacks/,
  )
  expect(faultsOf(readCaller('a: ['), 'x.yml', 'plan', {})).toEqual([
    '.github/workflows/x.yml could not be read as YAML',
  ])
  const taken = takenBy({ inputs: ['calendar', 'digest', 'ref'], title: '' }, given('review'))
  expect(taken).toEqual({ calendar: 'k', digest })
})
