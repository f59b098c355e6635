import { expect, test } from '@jest/globals'
import { pastReleases } from '@relman/core/caution/past-releases'
import type { EventKind, RecordEvent } from '@relman/core/record/event'

const events = (kinds: EventKind[], data: RecordEvent['data'] = {}): RecordEvent[] =>
  kinds.map((kind, index) => ({
    ...{ schema: 1 as const, service: '', release: '', seq: index + 1, at: '', prev: null, hash: '' },
    ...{ kind, key: `${kind}${index}`, actor: 'ada', run: null, digest: 'd', token: null },
    data: kind === 'planned' ? data : {},
  }))
const live: EventKind[] = ['planned', 'approved', 'started', 'deployed']
const count = (many: number, of: (index: number) => { release: string; events: RecordEvent[] | null }) =>
  Array.from({ length: many }, (_, index) => of(index))

test('L6, P12: pre-releases and versions that were given up hide neither a lesson nor a hotfix', () => {
  const { ended, events: learnt } = pastReleases([
    ...count(30, (index) => ({ release: `1.1.0-rc.${30 - index}`, events: events(['planned']) })),
    { release: '1.0.2', events: events(['planned', 'approved', 'started', 'deployment-failed']) },
    { release: '1.0.1', events: events(live, { type: 'hotfix', sha: 'a' }) },
  ])
  expect(ended.map(({ version, state }) => [version, state])).toEqual([
    ['1.0.2', 'deployment-failed'],
    ['1.0.1', 'deployed'],
  ])
  expect(learnt).toHaveLength(2)
})

test('L6, P12: of more releases the last fourteen teach; a hotfix before them is still looked at, and what is not is said', () => {
  const {
    ended,
    events: learnt,
    gaps,
  } = pastReleases([
    ...count(20, (index) => ({ release: `1.${40 - index}.0`, events: events(live, { type: 'minor' }) })),
    ...count(43, (index) => ({ release: `1.0.${50 - index}`, events: events(live, { type: 'security' }) })),
    { release: '0.9.0', events: null },
  ])
  expect(learnt).toHaveLength(14)
  expect(ended.filter(({ type }) => type === 'security')).toHaveLength(40)
  expect(gaps).toEqual([
    'nothing is learnt from 0.9.0: their record cannot be trusted',
    'whether the fixes of older releases are here was not looked at: 1.0.10, 1.0.9, 1.0.8',
  ])
})
