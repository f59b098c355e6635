import { expect, test } from '@jest/globals'
import { newerRefusal, newerVersions } from '@relman/core/promotion/newer-version'
import type { RecordEvent } from '@relman/core/record/event'

const event = (kind: string, seq: number, data: object = { environment: 'staging' }) =>
  ({
    ...{ schema: 1, service: 'shop', release: '1.2.0', seq, key: `${kind}:${seq}`, actor: 'ada' },
    ...{ at: `2026-01-0${seq}T00:00:00Z`, run: { id: 7, attempt: 1 }, digest: 'a'.repeat(64), token: null },
    ...{ kind, data, prev: null, hash: '' },
  }) as unknown as RecordEvent
const planned = event('planned', 1, {})
const promoting = event('promoting', 2)
const promoted = event('promoted', 3)

const say = (
  events: RecordEvent[] | null,
  { type = 'minor', version = '1.1.0', blocked = [] as string[] } = {},
) =>
  newerVersions({ version, type: type as 'minor' }, 'staging', [{ version: '1.2.0', events }], blocked).map(
    (newer) => `${newer.kind} ${newerRefusal(newer, version, 'staging').reasonCode}`,
  )

test.each<[string, RecordEvent[] | null, Parameters<typeof say>[1], string[]]>([
  ['a newer one on its way', [planned, promoting], {}, ['open promotion-in-progress']],
  ['for a hotfix, too', [planned, promoting], { type: 'hotfix' }, ['open promotion-in-progress']],
  ['a newer one that is there', [planned, promoting, promoted], {}, ['there newer-version-there']],
  [
    'it is there although it failed once more',
    [planned, promoting, promoted, event('promotion-failed', 4)],
    {},
    ['there newer-version-there'],
  ],
  ['a hotfix may follow it', [planned, promoting, promoted], { type: 'hotfix' }, []],
  ['a security release, too', [planned, promoting, promoted], { type: 'security' }, []],
  ['a blocked one does not count', [planned, promoting, promoted], { blocked: ['1.2.0'] }, []],
  ['nor a rejected one', [planned, promoting, promoted, event('rejected', 4, {})], {}, []],
  ['nor one that never got there', [planned, promoting, event('promotion-failed', 3)], {}, []],
  ['nor one elsewhere', [planned, event('promoting', 2, { environment: 'alpha' })], {}, []],
  ['nor an older one', [planned, promoting], { version: '1.3.0' }, []],
  ['a record that nobody can trust tells nothing', null, {}, ['unread record-unreadable']],
])('P24: %s', (_, events, about, expected) => {
  expect(say(events, about)).toEqual(expected)
})
