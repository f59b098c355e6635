import { expect, test } from '@jest/globals'
import type { Dated } from '@relman/core/calendar/act'
import type { CalendarPorts } from '@relman/core/ports/calendar'
import { newService } from '@relman/core/record/change-service'
import { gatherCalendar } from '../../../actions/plan-release/gather-calendar.ts'
import { dated } from './dated.ts'

const now = '2026-12-15T08:30:00Z'
const input = { config: '.github/relman.yml', 'policy-ref': '', component: '' }

/** A pass over a record that holds these releases, each under its own name and with a plan of its own. */
const gather = async (all: Record<string, Dated>, live: string | null = null) => {
  const held = new Map(
    Object.values(all).map((one, index) => [one, { index, text: JSON.stringify(one.plan) }]),
  )
  const store = {
    neighbours: async (choose: Parameters<CalendarPorts['store']['neighbours']>[0]) =>
      choose([{ service: 'shop', releases: Object.keys(all) }]).map(({ service, release }) => ({
        ...{ service, release },
        events: (all[release]?.events ?? []).map((event) => ({ ...event, digest: `${release}` })),
      })),
    service: async () => ({
      ...newService('shop'),
      live: live === null ? null : { version: live, sha: '', digest: '', at: now },
    }),
    plan: async (release: string) => held.get(all[release] as Dated)?.text ?? null,
  }
  const ports = { store, github: { file: async () => null } } as unknown as CalendarPorts
  return gatherCalendar(input, 'shop', ports, now)
}

const versions = (agenda: Awaited<ReturnType<typeof gather>>) =>
  agenda.open.map(({ dated: { plan } }) => plan.version)
const releases = (names: readonly string[], wanted: Parameters<typeof dated>[0] = {}) =>
  Object.fromEntries(names.map((version) => [version, dated({ version, ...wanted })]))
const count = (many: number, of: (index: number) => string) =>
  Array.from({ length: many }, (_, index) => of(index))

test('L5: higher versions that are over or were given up hide no release that is due', async () => {
  const over = releases(
    count(15, (index) => `2.${index}.0`),
    {
      state: 'completed',
      window: { start: '2025-12-15T08:00:00Z', end: '2025-12-15T10:00:00Z' },
      at: '2025-12-01T00:00:00Z',
    },
  )
  const pre = releases(count(15, (index) => `1.4.0-rc.${index}`))
  const found = await gather({ ...over, ...pre, ...releases(['1.3.0']) })
  expect(versions(found)[0]).toBe('1.3.0')
  expect([found.open.length, found.troubles]).toEqual([16, []])
  const given = releases(count(50, (index) => `1.2.${index}`))
  const live = await gather({ ...given, ...releases(['1.3.0']) }, '1.2.99')
  expect([versions(live), live.troubles]).toEqual([['1.3.0'], []])
})

test('L5: what is cut is told, and a plan of another release starts nothing', async () => {
  const many = await gather(releases(count(42, (index) => `1.3.${index}`)))
  expect(many.open).toHaveLength(40)
  expect(many.troubles).toEqual([
    'shop has more than 40 open releases; not looked at: 1.3.1, 1.3.0: they are once higher ones are over',
  ])
  const other = await gather({ '1.3.1': dated({ version: '1.3.0' }) })
  expect([other.open, other.troubles]).toEqual([
    [],
    ['the plan in the record of shop 1.3.1 is one of shop 1.3.0, so nothing of it is started'],
  ])
})
