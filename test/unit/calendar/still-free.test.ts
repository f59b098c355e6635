import { expect, test } from '@jest/globals'
import { dueOf } from '@relman/core/calendar/due'
import type { CalendarPorts } from '@relman/core/ports/calendar'
import { newService } from '@relman/core/record/change-service'
import { stillFree } from '../../../actions/plan-release/still-free.ts'
import { dated, window } from './dated.ts'

const one = dated()
const due = dueOf(one, window.start)
if (!due) throw new Error('nothing is due')
const ticket = { number: 1, body: '', state: 'open' as const, labels: ['release'], url: '' }

/** The look right before a start, after a pass that began when the window opened and saw nothing that holds. */
const look = (more: { now?: string; labels?: string[]; blocked?: string; fails?: boolean } = {}) => {
  const block = { version: more.blocked ?? '', reason: 'bad', at: window.start }
  const service = { ...newService('shop'), blocked: more.blocked === undefined ? [] : [block] }
  const ports = {
    ticketNow: async () => {
      if (more.fails) throw new Error('no answer')
      return { state: 'open', labels: more.labels ?? ['release'] }
    },
    store: { service: async () => service },
    clock: { now: () => Date.parse(more.now ?? window.start) },
  } as unknown as CalendarPorts
  const around = { service: newService('shop'), ticket, hold: 'hold', successor: null, busy: [] }
  return stillFree({ dated: one, due, ticket, around, ports })
}

test.each([
  ['nothing', {}, null],
  ['a hold that people set since', { labels: ['release', 'hold'] }, /label hold/],
  ['a ticket that no longer answers', { fails: true }, /could not be read again: no answer/],
  ['a block since', { blocked: '1.3.0' }, /1\.3\.0 is blocked: bad/],
  ['a window that ended since', { now: window.end }, /its time went by/],
] as const)('L5: right before a start %s speaks against it', async (_, more, expected) => {
  const said = await look(more as Parameters<typeof look>[0])
  if (expected === null) expect(said).toBeNull()
  else expect(said).toMatch(expected)
})
