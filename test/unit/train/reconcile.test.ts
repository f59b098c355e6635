import { expect, test } from '@jest/globals'
import { reconcile } from '@relman/core/train/reconcile'
import { claim, withdrawn } from '@relman/core/train/steps'
import type { Draft, PartFacts } from '@relman/core/train/train'
import { begun, comment, digest, ended, eventsOf, factsOf, left, living, over, part } from './facts.ts'

const done = (component: string): PartFacts => part(component, { state: 'completed', release: over() })

const pass = (drafts: readonly Draft[], parts: readonly PartFacts[], now?: string) => {
  const facts = factsOf(eventsOf([...left, ...drafts]), parts)
  const {
    decision,
    reasonCode,
    moves,
    drafts: fresh,
    parts: stands,
    message,
  } = reconcile(now ? { ...facts, now } : facts)
  return {
    decision,
    reasonCode,
    message,
    moves: moves.map((move) =>
      move.act === 'start'
        ? `${move.operation} ${move.component} ${move.attempt}`
        : `cancel ${move.component}`,
    ),
    kinds: fresh.map(({ kind, data }) =>
      kind === 'stepped' ? `${data['component']} ${data['outcome'] ?? data['phase']}` : kind,
    ),
    stands: Object.fromEntries(stands.map(({ component, standing }) => [component, standing])),
  }
}

const failed: Draft = { kind: 'deployment-failed', key: 'failed', data: {} }
const first = [...begun('ledger'), ...begun('search')]
const second = [...first, ...begun('pricing')]

test('P8: the components of a layer are started together, and nothing of the next one', () => {
  expect(pass([], [])).toMatchObject({
    decision: 'driving',
    moves: ['release ledger 1', 'release search 1'],
    kinds: [],
  })
})

test('P8: one component of a layer that is not completed holds the next layer', () => {
  const { moves, decision } = pass(first, [
    done('ledger'),
    part('search', { state: 'executing', release: living() }),
  ])
  expect([moves, decision]).toEqual([[], 'driving'])
})

test('P8: a run that is over while its release is live but not completed, or still executing, is settled by people', () => {
  for (const state of ['deployed', 'executing'] as const)
    expect(pass(first, [done('ledger'), part('search', { state, release: over('failure') })])).toMatchObject({
      reasonCode: 'unsettled',
      moves: [],
      stands: { search: 'unsettled' },
    })
})

test('P8: earlier states of the version mean nothing while its run goes on', () => {
  for (const state of ['rejected', 'planning-failed', 'execution-failed'] as const)
    expect(pass(first, [done('ledger'), part('search', { state, release: living() })]).stands).toMatchObject({
      search: 'running',
    })
})

test('P7, P8: a refusal that reached nobody defers a component that nothing needs; the train goes on', () => {
  const { kinds, moves, stands } = pass(first, [
    done('ledger'),
    part('search', { state: 'rejected', release: over('failure') }),
  ])
  expect([kinds, moves, stands['search']]).toEqual([
    ['ledger completed', 'search deferred'],
    ['release pricing 1'],
    'deferred',
  ])
})

test('P8: a refusal of what others need ends the drive, and so does a failure that reached users', () => {
  expect(
    pass(first, [part('ledger', { state: 'rejected', release: over('failure') }), done('search')]),
  ).toMatchObject({
    decision: 'undoing',
    reasonCode: 'part-failed',
    moves: [],
    kinds: ['search completed', 'deployment-failed'],
  })
  expect(
    pass(first, [done('ledger'), part('search', { state: 'rolled-back', release: over('failure') })]).kinds,
  ).toContain('deployment-failed')
})

test('P8: a component that is brought back by hand after its layer ends the drive, too', () => {
  const facts = [part('ledger', { state: 'rolled-back', release: over() }), done('search')]
  expect(pass(second, facts)).toMatchObject({ decision: 'undoing', reasonCode: 'part-failed' })
})

test('P8: what GitHub does not tell now changes nothing', () => {
  const { moves, kinds, decision } = pass(first, [
    part('ledger', { trouble: 'GitHub is down' }),
    done('search'),
  ])
  expect([moves, kinds, decision]).toEqual([[], ['search completed'], 'driving'])
})

test('P8: a version that was completed before the train is neither started nor undone', () => {
  const before = [part('ledger', { state: 'completed' }), done('search')]
  expect(pass(begun('search'), before)).toMatchObject({
    kinds: ['ledger already-there', 'search completed'],
    moves: ['release pricing 1'],
  })
  const drafts = [
    ...begun('search'),
    ended({ component: 'ledger', operation: 'release' }, 'already-there', ''),
    failed,
  ]
  expect(pass(drafts, before).moves).toEqual(['rollback search 1'])
})

test.each([
  ['its run is found by the key', living(7), '2026-01-02T15:00:10Z', [], ['ledger started']],
  ['it may still appear', null, '2026-01-02T15:01:59Z', [], []],
  ['it never appeared: asked for again', null, '2026-01-02T15:02:01Z', ['release ledger 2'], []],
])('P8: a start that was claimed by a job that died: %s', (_, release, now, moves, kinds) => {
  const claimed = [...begun('ledger').slice(0, 1), ...begun('search')]
  const seen = pass(claimed, [part('ledger', { release }), part('search', { release: living() })], now)
  expect([seen.moves, seen.kinds]).toEqual([moves, kinds])
})

test('P8: all completed is the end; afterwards nothing is done any more', () => {
  const all = [...second, ...begun('checkout')]
  const parts = ['ledger', 'search', 'pricing', 'checkout'].map(done)
  const end = pass(all, parts)
  expect(end.kinds.slice(-2)).toEqual(['deployed', 'completed'])
  const after: Draft[] = [
    { kind: 'deployed', key: 'd', data: {} },
    { kind: 'completed', key: 'c', data: {} },
  ]
  expect(pass([...all, ...after], parts)).toMatchObject({ decision: 'completed', kinds: [], moves: [] })
})

test('P8: the way back begins with what needs others, stops what is on its way, and leaves what was never started', () => {
  const parts = [done('ledger'), done('search'), part('pricing', { state: 'approved', release: living(4) })]
  const seen = pass([...second, failed], parts)
  expect([seen.moves, seen.stands['checkout']]).toEqual([['cancel pricing'], 'waiting'])
  const stopped = [
    done('ledger'),
    done('search'),
    part('pricing', { state: 'approved', release: over('cancelled', 4) }),
  ]
  expect(pass([...second, failed], stopped).moves).toEqual(['rollback ledger 1', 'rollback search 1'])
})

test('P8: what needs it could not be brought back, so it stays; the rest is undone; a person who mends it lets the way back go on', () => {
  const drafts = [...second, failed, ...begun('pricing', 'rollback', 9)]
  const stuck = [
    done('ledger'),
    done('search'),
    part('pricing', { state: 'completed', release: over(), rollback: over('failure', 9) }),
  ]
  const seen = pass(drafts, stuck)
  expect([seen.moves, seen.stands]).toEqual([
    ['rollback search 1'],
    { ledger: 'kept', search: 'undoing', pricing: 'stuck', checkout: 'waiting' },
  ])
  const searched = [...drafts, ...begun('search', 'rollback', 10)]
  const back = part('search', { state: 'rolled-back', release: over(), rollback: over('success', 10) })
  expect(pass(searched, [done('ledger'), back, stuck[2] ?? back])).toMatchObject({
    decision: 'rollback-failed',
    kinds: ['search undone', 'rollback-failed'],
  })
  const given: Draft = { kind: 'rollback-failed', key: 'rf', data: {} }
  const mended = part('pricing', { state: 'rolled-back', release: over(), rollback: over('failure', 9) })
  expect(pass([...searched, given], [done('ledger'), back, mended]).moves).toEqual(['rollback ledger 1'])
  const ledger = part('ledger', { state: 'rolled-back', release: over() })
  expect(pass([...searched, given], [ledger, back, mended])).toMatchObject({ decision: 'rolled-back' })
})

test('P8: another version that went live since is not rolled back by this train', () => {
  const parts = [part('ledger', { state: 'completed', live: '3.2.0', release: over() }), done('search')]
  const { moves, stands } = pass([...first, failed], parts)
  expect([moves, stands['ledger']]).toEqual([['rollback search 1'], 'stuck'])
})

test('P8: a start whose run nobody knows is looked for before the way back says that nothing is live', () => {
  const claimed = [...begun('ledger').slice(0, 1), failed]
  expect(pass(claimed, []).stands['ledger']).toBe('undoing')
  expect(pass(claimed, [part('ledger', { release: living(5) })]).kinds).toEqual(['ledger started'])
  expect(pass(claimed, [], '2026-01-02T15:05:00Z')).toMatchObject({
    decision: 'rolled-back',
    stands: { ledger: 'undone' },
  })
})

test('P8: stop undoes a train on its way; one that was said before the go counts for nothing', () => {
  const go = { kind: 'approved' as const, key: 'approved', data: { said: 1_000_000 } }
  const events = eventsOf([left[0], go, left[2], ...first].flatMap((draft) => draft ?? []))
  const said = (id: number) => [comment('bo', `/relman stop ${digest.slice(0, 32)} users complain`, { id })]
  const parts = [done('ledger'), done('search')]
  expect(reconcile(factsOf(events, parts, said(999_999))).decision).toBe('driving')
  const seen = reconcile(factsOf(events, parts, said(1_000_001)))
  expect([seen.reasonCode, seen.message]).toEqual([
    'stopped-by-hand',
    'autumn is undone: stopped by bo: users complain',
  ])
})

test('P8: on the way back a repository that does not answer holds what it needs, and nothing else', () => {
  const parts = [done('ledger'), done('search'), part('pricing', { trouble: 'GitHub is down' })]
  const seen = pass([...second, failed], parts)
  expect([seen.decision, seen.moves]).toEqual(['undoing', ['rollback search 1']])
})

test('P8: a start that GitHub did not make for want of a right is tried again after a while, and does not count as lost', () => {
  const about = { component: 'ledger', operation: 'release' as const }
  const tries = [1, 2, 3, 4].flatMap((attempt) => [claim(about, attempt, 'k'), withdrawn(about, attempt)])
  const drafts = [...tries, ...begun('search')]
  expect(pass(drafts, [part('ledger'), done('search')]).moves).toEqual([])
  const seen = pass(drafts, [part('ledger'), done('search')], '2026-01-02T15:02:01Z')
  expect([seen.decision, seen.moves]).toEqual(['driving', ['release ledger 5']])
})
