import { expect, test } from '@jest/globals'
import { eventHash, sealEvents, verifyChain } from '@relman/core/record/chain'
import { type eventKinds, type RecordEvent, releaseStates } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import { next, type State, step } from '@relman/core/record/transition'
import fc from 'fast-check'
import { about, draft, legalDrafts, now, sealed } from './drafts.ts'

test('any sequence of drafts folds the same with every prefix appended again (faults 48)', () => {
  fc.assert(
    fc.property(legalDrafts, (drafts) => {
      const once = sealed(drafts)
      let events: RecordEvent[] = []
      for (let end = 0; end <= drafts.length; end += 1) {
        events = [...events, ...sealEvents(events, drafts.slice(0, end), { ...about, now })]
      }
      expect(events).toEqual(once)
      expect(fold([...once, ...once])).toEqual(fold(once))
      for (let end = 0; end <= once.length; end += 1)
        expect(fold([...once.slice(0, end), ...once])).toEqual(fold(once))
      verifyChain(events, about)
    }),
    { numRuns: 60 },
  )
})

const tampered = (event: RecordEvent, field: keyof RecordEvent): RecordEvent => {
  const value = event[field]
  const other =
    typeof value === 'number'
      ? value + 1
      : typeof value === 'string'
        ? `${value}x`
        : value === null
          ? 1
          : { ...value, id: 8 }
  return { ...event, [field]: other } as RecordEvent
}

test('a change of any field of any event breaks the chain (faults 46)', () => {
  fc.assert(
    fc.property(
      legalDrafts.filter(({ length }) => length > 0),
      fc.nat(),
      fc.nat(),
      (drafts, at, which) => {
        const events = sealed(drafts)
        const index = at % events.length
        const event = events[index] as RecordEvent
        const fields = Object.keys(event) as (keyof RecordEvent)[]
        const field = fields[which % fields.length] as keyof RecordEvent
        const changed = events.with(index, tampered(event, field))
        expect(() => verifyChain(changed, about)).toThrow('cannot be trusted')
      },
    ),
  )
})

test('an event left out, moved or put in breaks the chain', () => {
  const events = sealed([draft('planned'), draft('approved'), draft('started'), draft('deployed')])
  const [a, b, c, d] = events as [RecordEvent, RecordEvent, RecordEvent, RecordEvent]
  for (const broken of [
    [b, c, d],
    [a, c, d],
    [a, c, b, d],
    [a, a, b, c, d],
    [a, b, c, { ...d, seq: 5 }],
  ]) {
    expect(() => verifyChain(broken, about)).toThrow('cannot be trusted')
  }
  expect(() => verifyChain(events, { ...about, release: '1.0.1' })).toThrow('belongs to another release')
  expect(() => verifyChain(events, about)).not.toThrow()
})

test('a chain that is sealed rightly but moves illegally is not trusted', () => {
  const [planned, approved] = sealed([draft('planned'), draft('approved')]) as [RecordEvent, RecordEvent]
  const forged = { ...approved, kind: 'deployed' as const }
  const resealed = { ...forged, hash: eventHash(forged, about.sha256) }
  expect(() => verifyChain([planned, resealed], about)).toThrow('cannot follow: the release was planning')
})

const legal: [State, (typeof eventKinds)[number], State][] = [
  [null, 'planned', 'planning'],
  ['planning', 'approved', 'approved'],
  ['planning', 'rejected', 'rejected'],
  ['planning', 'planning-failed', 'planning-failed'],
  ['approved', 'started', 'executing'],
  ['executing', 'deployed', 'deployed'],
  ['deployed', 'completed', 'completed'],
  ['executing', 'deployment-failed', 'deployment-failed'],
  ['deployment-failed', 'rolled-back', 'rolled-back'],
  ['deployment-failed', 'rollback-failed', 'rollback-failed'],
  ['rollback-failed', 'rolled-back', 'rolled-back'],
  ['executing', 'execution-failed', 'execution-failed'],
  ['completed', 'rolled-back', 'rolled-back'],
  ['approved', 'planned', 'planning'],
]
test.each(legal)('L1: %s, %s: %s', (from, kind, to) => {
  expect(step('1.0.0', from, kind)).toBe(to)
})

const illegal: [State, (typeof eventKinds)[number]][] = [
  [null, 'approved'],
  ['planning', 'started'],
  ['rejected', 'started'],
  ['rejected', 'approved'],
  ['approved', 'deployed'],
  ['executing', 'rolled-back'],
  ['executing', 'approved'],
  ['deployed', 'started'],
  ['rolled-back', 'completed'],
  ['rolled-back', 'started'],
  ['completed', 'deployment-failed'],
  ['planning-failed', 'approved'],
]
test.each(illegal)('L1: from %s to %s is refused by name', (from, kind) => {
  expect(() => step('1.0.0', from, kind)).toThrow(
    `release 1.0.0 is ${from ?? 'not planned'} and cannot become`,
  )
})

test('L1: remarks never change a state; a rejected release is reopened by a gate that passes and by nothing else', () => {
  for (const state of [null, ...releaseStates]) {
    for (const kind of ['refused', 'overridden', 'reviewed'] as const) expect(next(state, kind)).toBe(state)
  }
  expect(next('rejected', 'gated', 'go')).toBe('planning')
  expect(next('rejected', 'gated', 'no-go')).toBe('rejected')
  expect(next('executing', 'planned')).toBe('executing')
})
