import { expect, test } from '@jest/globals'
import { askLessons } from '@relman/core/caution/asked'
import { showAsked } from '@relman/core/caution/show-asked'
import { config } from '@relman/core/config/config'
import { lessonCriteria } from '@relman/core/gate/lesson-criteria'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { plan as planSchema } from '@relman/core/plan/plan'
import { shownPlan } from '@relman/core/plan/withhold'
import { facts } from '../plan/facts.ts'

const proposed = [
  { id: 'seen-by-people-1.4.0', text: 'a check of the basket', from: '1.4.0', why: 'a person', unseen: true },
  { id: 'proposed-errors', text: 'required: true', from: '1.3.0', why: 'not required', unseen: false },
]
const metrics = { file: { path: 'x' }, checks: [{ kind: 'ratio', name: 'basket' }] }
const ask = (answered: object[] = [], emergency = false) =>
  askLessons(proposed, config.parse({ metrics, caution: { answered } }), emergency)

test.each<[string, object[], boolean, string, string]>([
  ['without an answer', [], false, 'unanswered', 'fail'],
  ['of another release', [{ release: '1.3.0', criterion: 'basket' }], false, 'unanswered', 'fail'],
  ['by a check that is there', [{ release: 'v1.4.0', criterion: 'basket' }], false, 'answered', 'pass'],
  ['by a check that is not', [{ release: '1.4.0', criterion: 'cart' }], false, 'unanswered', 'fail'],
  [
    'declined',
    [{ release: '1.4.0', declined: 'the cause was elsewhere', by: 'kim' }],
    false,
    'declined',
    'excepted',
  ],
  ['in an emergency', [], true, 'waived', 'excepted'],
])('L6: a lesson %s', (_, answered, emergency, state, gate) => {
  const asked = ask(answered, emergency)
  expect(asked.map((one) => [one.id, one.state])).toEqual([['lesson-answered:1.4.0', state]])
  const [criterion] = lessonCriteria({ asked })
  expect(criterion?.state).toBe(gate)
  expect(criterion?.reason).toBe(gate === 'fail' ? 'lesson-unanswered' : '')
})

test('L6: what does not answer says what is wrong with it, and how to answer', () => {
  const asked = ask([{ release: '1.4.0', criterion: 'cart' }])
  expect(lessonCriteria({ asked })[0]?.remedy).toMatch(
    /names cart, which is neither in metrics\.checks nor in gate\.criteria; add .*\{ release: 1\.4\.0, criterion/,
  )
})

test.each([
  [{ release: '1.4.0' }, /one of the two/],
  [{ release: '1.4.0', criterion: 'a', declined: 'long enough a reason', by: 'k' }, /one of the two/],
  [{ release: '1.4.0', declined: 'long enough a reason' }, /say who declined it/],
  [{ release: '1.4.0', declined: 'no', by: 'k' }, /at least 10 letters/],
])('L6: an answer that is none: %j', (answer, message) => {
  expect(config.safeParse({ caution: { answered: [answer] } }).error?.message).toMatch(message)
})

test('L6: a plan of before is asked nothing, and one under embargo shows nothing of it', () => {
  const { asked: _, ...old } = drawPlan(facts())
  expect(lessonCriteria(planSchema.parse(JSON.parse(JSON.stringify(old))))).toEqual([])
  const plan = drawPlan(facts({ asked: ask() }))
  expect(plan.criteria).toContainEqual({
    id: 'lesson-answered:1.4.0',
    text: '0 lessons of 1.4.0 are without an answer: a check of the basket',
  })
  expect(shownPlan({ ...plan, embargo: { until: null, public: true } as never }).asked).toEqual([])
})

test('L6: hostile words of a person stay inert', () => {
  const [lesson] = ask()
  if (!lesson) throw new Error('nothing asked')
  const shown = showAsked({ ...lesson, text: '<b>@acme/all</b> [a](b) `c` | #1' })
  expect(shown).not.toMatch(/(?<!\\)<b>|@acme|(?<!\\)\]\(|(?<!\\)\|/)
})
