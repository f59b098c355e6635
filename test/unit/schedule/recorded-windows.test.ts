import { expect, test } from '@jest/globals'
import type { EventKind, RecordEvent } from '@relman/core/record/event'
import { newestReleases, recordedWindows } from '@relman/core/schedule/recorded-windows'

const window = (day: number) => ({ start: `2026-03-${day}T08:00:00Z`, end: `2026-03-${day}T10:00:00Z` })
const events = (at: string, kinds: EventKind[], data: RecordEvent['data'] = { window: window(10) }) =>
  kinds.map((kind, index) => ({
    ...{ schema: 1 as const, service: '', release: '', seq: index + 1, at, prev: null, hash: '' },
    ...{ kind, key: `${kind}${index}`, actor: 'ada', run: null, digest: 'd', token: null },
    data: kind === 'planned' ? data : {},
  }))
const found = (service: string, release: string, list: RecordEvent[] | null) => ({
  service,
  release,
  events: list,
})
const own = { service: 'shop', version: '1.1.0', together: ['web'] }
const titles = (...all: ReturnType<typeof found>[]) =>
  recordedWindows(all, own).busy.map(({ title, start }) => `${title} ${start.slice(8, 10)}`)

test('P10: what is approved or under way holds its window, also of this service; an older plan of it does not', () => {
  expect(
    titles(
      found('shop', '1.1.0', events('a', ['planned', 'approved'])),
      found('shop', '1.0.9', events('a', ['planned', 'approved'])),
      found('shop', '1.0.8', events('a', ['planned'])),
      found('api', '3.0.0', events('a', ['planned', 'approved', 'started'])),
      found('api', '2.0.0', events('a', ['planned', 'approved', 'started', 'deployed'])),
    ),
  ).toEqual(['shop 1.0.9 10', 'api 3.0.0 10'])
})

test('P10: of another service the newest plan holds its window, whatever its number; of one that may share it none', () => {
  expect(
    titles(
      found('api', '2.0.0', events('2026-03-01T10:00:00Z', ['planned'])),
      found('api', '1.0.1', events('2026-03-02T10:00:00Z', ['planned'], { window: window(11) })),
      found('web', '1.0.0', events('2026-03-01T10:00:00Z', ['planned', 'approved'])),
    ),
  ).toEqual(['api 1.0.1 11'])
})

test('P10: a record that cannot be trusted is named; plans of before that say no window, or a broken one, hold none', () => {
  const { busy, unread } = recordedWindows(
    [
      found('api', '1.0.0', null),
      found('pay', '1.0.0', events('a', ['planned', 'approved'], {})),
      found('ship', '1.0.0', events('a', ['planned', 'approved'], { window: { start: 'x', end: 'y' } })),
    ],
    own,
  )
  expect([busy, unread]).toEqual([[], ['api 1.0.0']])
})

test('P10: an emergency is held by the rollout of its own service alone', () => {
  const { busy } = recordedWindows(
    [
      found('shop', '1.0.9', events('a', ['planned', 'approved', 'started'])),
      found('api', '1.0.0', events('a', ['planned', 'approved', 'started'])),
    ],
    own,
  )
  expect(busy.map(({ exempt }) => exempt)).toEqual([[], ['hotfix', 'security']])
})

test('P10: the newest three of at most forty services are read', () => {
  const releases = ['1.0.0', '1.10.0', '1.9.0', 'latest', '2.0.0-rc.1']
  const all = Array.from({ length: 60 }, (_, index) => ({ service: `s${index}`, releases }))
  const chosen = newestReleases(all)
  expect(chosen).toHaveLength(120)
  expect(chosen.slice(0, 3).map(({ release }) => release)).toEqual(['2.0.0-rc.1', '1.10.0', '1.9.0'])
})
