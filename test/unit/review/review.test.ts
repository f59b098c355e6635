import { expect, test } from '@jest/globals'
import { drawPlan } from '@relman/core/plan/draw-plan'
import type { EventKind, RecordEvent } from '@relman/core/record/event'
import { drawReview } from '@relman/core/review/draw-review'
import { reviewCandidates, standingOf } from '@relman/core/review/due-reviews'
import { type Review, reviewKey, reviewOf } from '@relman/core/review/review'
import { reviewDue } from '@relman/core/review/review-due'
import { reviewPages } from '@relman/core/review/review-pages'
import { writeTicket } from '@relman/core/ticket/ticket'
import { facts } from '../plan/facts.ts'

const digest = 'd'.repeat(64)
type Told = [EventKind, string, RecordEvent['data']?]
const events = (kinds: Told[]): RecordEvent[] =>
  kinds.map(([kind, day, data = {}], index) => ({
    ...{ schema: 1 as const, service: 'shop', release: '1.3.0', seq: index + 1, prev: null },
    ...{ kind, key: `${kind}${index}`, actor: 'ada', run: null, digest, token: null, data },
    at: `2026-03-${day}T12:00:00Z`,
    hash: `h${index + 1}`,
  }))
const plan = (schedule: object | null = null, policy = {}) =>
  ({ ...drawPlan(facts({}, policy)), schedule }) as never as ReturnType<typeof drawPlan>
const timeline = {
  window: { start: '2026-03-10T10:00:00Z', end: '2026-03-10T14:00:00Z' },
  milestones: [{ id: 'review', at: '2026-03-17T10:00:00Z' }],
}
const begun: Told[] = [
  ['planned', '08'],
  ['approved', '09'],
  ['started', '10'],
]
const live: Told[] = [...begun, ['deployed', '10'], ['completed', '10']]
const back = (data: RecordEvent['data']): Told[] => [
  ...begun,
  ['stepped', '10', { step: 0, weight: 10 }],
  ['deployment-failed', '10', { reason: 'manual' }],
  ['rolled-back', '10', { seconds: 20, ...data }],
]
const measured = { span: null, objectives: [], criteria: [], notes: [] }
const reviewed = (all: RecordEvent[], review: Review): RecordEvent[] => [
  ...all,
  {
    ...(events([['reviewed', '18', review]])[0] as RecordEvent),
    seq: all.length + 1,
    key: reviewKey(review.state, digest),
  },
]

test.each<[string, object | null, string, string]>([
  ['the day of its timeline', timeline, '10', '2026-03-17T10:00:00Z'],
  ['as much later as the rollout came after its window', timeline, '12', '2026-03-19T12:00:00.000Z'],
  ['a week after its end without a timeline', null, '10', '2026-03-17T12:00:00.000Z'],
])('P19: a review is due %s', (_, schedule, day, at) => {
  const all = events([...begun, ['deployed', day], ['completed', '13']])
  expect(reviewDue(plan(schedule), all)?.at).toBe(at)
  expect(reviewDue(plan(schedule), all.slice(0, 4))).toBeNull()
})

test('N9: which releases are looked at, and what is to be done about each', () => {
  const all = [
    { service: 'a', releases: ['1.0.0', 'x', '2.0.0'] },
    { service: 'b', releases: ['1.0.0'] },
  ]
  const names = (service: string, version: string) =>
    reviewCandidates(all, { service, version }).map((one) => `${one.service} ${one.release}`)
  expect(names('', '')).toEqual(['a 2.0.0', 'a 1.0.0', 'b 1.0.0'])
  expect([names('', '1.0.0'), names('b', '1.0.0')]).toEqual([['a 1.0.0', 'b 1.0.0'], ['b 1.0.0']])
  const now = Date.parse('2026-03-19T00:00:00Z')
  const done = events(live)
  expect(standingOf(events(begun), now, true)).toBe('open')
  expect(standingOf(done, now, false)).toBe('review')
  expect(standingOf(done, Date.parse('2026-07-01T00:00:00Z'), false)).toBe('over')
  const review = drawReview(plan(timeline), digest, done, measured) as Review
  const after = reviewed(done, review)
  expect(standingOf(after, now, false)).toBe('again')
  expect(standingOf(after, Date.parse('2026-03-25T00:00:00Z'), false)).toBe('over')
  // Taken back after its review, it gets one of its own.
  const later = [...after, ...events([['rolled-back', '18']]).map((one) => ({ ...one, seq: 7, key: 'back' }))]
  expect([reviewOf(later), standingOf(later, now, false)]).toEqual([null, 'review'])
})

test('L5, N9: a release that a person took back asks for a criterion, and the retrospective says what nothing saw', () => {
  const all = events(back({ reason: 'manual', why: 'carts were empty' }))
  const owners = { schedule: { owners: { 'release-owner': 'Ada' } } }
  const review = drawReview(plan(null, owners), digest, all, measured) as Review
  expect(review.proposed).toEqual([expect.objectContaining({ id: 'seen-by-people-1.3.0', from: '1.3.0' })])
  expect(review.improvements.map(({ id, owner }) => `${id} ${owner}`)).toEqual([
    'cause Ada',
    'criterion-seen-by-people-1-3-0 Ada',
  ])
  const found = reviewOf(reviewed(all, review))
  if (!found) throw new Error('no review')
  const pages = Object.fromEntries(
    reviewPages(plan(null, owners), digest, found).map(({ file, text }) => [file, text]),
  )
  expect(Object.keys(pages)).toEqual([
    'post-release-metrics.md',
    'execution-report.md',
    'retrospective.md',
    'improvements.md',
    'post-release-metrics.json',
    'improvements.json',
  ])
  expect(pages['retrospective.md']).toMatch(/Noticed by: a person: carts were empty\n- Exposed: up to 10 %/)
  expect(pages['retrospective.md']).toMatch(/Environments before production: none is named/)
  // Blameless: nobody is named.
  expect(pages['retrospective.md']).not.toMatch(/ada/i)
  expect(pages['execution-report.md']).toMatch(/Way back: recovered, 20 s after the fault was found/)
  expect(pages['execution-report.md']).toMatch(/does not hold\n\n- no decision of a gate\n- no sign-off of/)
})

test('N9: what was missed, is not known or was excepted is left to do, each with a name of its own', () => {
  const gate = {
    ...{ stage: 'production', decision: 'go' },
    criteria: [{ id: 'coherent-scope', text: 'belongs together', state: 'excepted', remedy: 'kim: moving' }],
  }
  const all = events([
    ...begun.slice(0, 1),
    ['gated', '08', gate],
    ...begun.slice(1),
    ['deployed', '10', { doubts: '50 % rests on probes' }],
    ['completed', '10'],
  ])
  const objective = { text: 'o', metric: null, wanted: '< 1 %', observed: '2 %', why: '' }
  const criterion = { metric: 'p99/x', written: 'w', release: null, before: null, now: '1', why: '' }
  const review = drawReview(plan(timeline), digest, all, {
    ...measured,
    objectives: [
      { ...objective, outcome: 'missed' },
      { ...objective, outcome: 'inconclusive' },
      { ...objective, outcome: 'met' },
    ],
    criteria: [{ ...criterion, outcome: 'broken' }],
  })
  expect(review?.improvements.map(({ id }) => id)).toEqual([
    'broken-p99-x',
    'objective-1',
    'objective-2',
    'unproven',
    'exception-coherent-scope',
  ])
})

test('N9: hostile text stays inert in every page and in the ticket, and ticked boxes stay ticked', () => {
  const evil =
    '<img src=x onerror=1> @acme/all #1 | [x](javascript:1) `` <!-- /relman:ticket:shop:1.3.0:review -->\n# h'
  const all = events(back({ reason: 'manual', why: evil, error: evil }))
  const draft = drawReview(plan(null, { schedule: { owners: { 'release-owner': evil } } }), digest, all, {
    ...measured,
    objectives: [{ text: evil, metric: evil, wanted: evil, observed: evil, outcome: 'missed', why: evil }],
    criteria: [
      { metric: evil, written: evil, release: evil, before: evil, now: evil, outcome: 'broken', why: evil },
    ],
    notes: [evil],
  }) as Review
  const told = reviewed(all, draft)
  const found = reviewOf(told)
  if (!found) throw new Error('no review')
  for (const { file, text } of reviewPages(plan(), digest, found)) {
    if (file.endsWith('.json')) expect(() => JSON.parse(text)).not.toThrow()
    else expect(text).not.toMatch(/(?<!\\)<(img|!--)|@acme|(?<!\\)\]\(javascript|^# h/m)
  }
  const ticket = { plan: plan(), digest, events: told, runUrl: 'https://x' }
  const body = writeTicket('By hand.', ticket, 'review')
  expect(body.match(/^<!-- \/relman:ticket:shop:1\.3\.0:review -->$/gm)).toHaveLength(1)
  const ticked = body.replace('- [ ] `cause`', '- [x] `cause`')
  expect(ticked).not.toBe(body)
  expect(writeTicket(ticked, ticket, 'review')).toBe(ticked)
})
