import { expect, test } from '@jest/globals'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { shownPlan } from '@relman/core/plan/withhold'
import { isMaker } from '@relman/core/signoff/maker'
import { leftOut } from '../../../actions/plan-release/left-out.ts'
import { type GateCase, readPeople } from '../../../actions/risk-gate/gate-case.ts'
import { change, facts } from '../plan/facts.ts'

const commit = (letter: string, author: string, message: string, email = `${author}@example.com`) => ({
  ...{ sha: letter.repeat(40), parents: [], author, email, date: '2026-01-01T00:00:00Z' },
  ...{ message, paths: null },
})
const hidden = [
  commit('a', 'Grace Hopper', 'feat: one (#7)'),
  commit('b', 'kim', 'fix: two\n\nCo-authored-by: Bo <12+bo@users.noreply.github.com>'),
]
const pulls = async (numbers: readonly number[]) =>
  numbers.map((number) => ({
    ...{ number, title: 'one', labels: [], issues: [], author: 'grace', mergedBy: 'linus' },
    ...{ state: 'merged' as const, base: 'main' },
  }))

test('G5: whoever made what `from` leaves out may not approve: by pull request, co-author, and the account behind a commit', async () => {
  const { left, gaps } = await leftOut(hidden, { pulls } as never)
  expect([left?.commits, gaps]).toEqual([hidden.map(({ sha }) => sha), []])
  const plan = drawPlan(facts({ changes: [change({ author: 'ada', people: [] })], hidden: 2, left }))
  expect(plan.unlisted.changes).toBe(0)
  const asked: string[][] = []
  const github = {
    makers: async (shas: string[]) => {
      asked.push(shas)
      return [{ sha: 'a'.repeat(40), people: [{ login: 'ghopper', name: 'Grace Hopper', email: 'x@y' }] }]
    },
    run: async () => null,
  }
  const context = { actor: 'ada', run: { id: 1, attempt: 1 } }
  const { makers } = await readPeople({ plan, context, ports: { github } } as unknown as GateCase)
  expect(asked[0]).toEqual([...plan.changes.map(({ sha }) => sha), ...hidden.map(({ sha }) => sha)])
  for (const login of ['ada', 'grace', 'linus', 'kim', 'bo', 'ghopper'])
    expect([login, isMaker(login, makers)]).toEqual([login, true])
  expect(isMaker('lee', makers)).toBe(false)
})

test('without a token git alone says who they are, and a plan that leaves nothing out says nothing of it', async () => {
  const { left } = await leftOut(hidden, null)
  expect(left?.people).toEqual(['Grace Hopper', 'bo', 'kim'])
  expect(drawPlan(facts({ left: (await leftOut([], null)).left })).unlisted).toEqual({
    changes: 0,
    people: [],
  })
})

test('of more commits than are named one by one the plan says how many', async () => {
  const many = Array.from({ length: 2_003 }, (_, at) => ({
    ...commit('c', 'kim', 'fix: x'),
    sha: at.toString(16).padStart(40, '0'),
  }))
  const { left, gaps } = await leftOut(many, null)
  expect([left?.commits.length, gaps]).toEqual([2_000, [expect.stringMatching(/^of 3 of the commits/)]])
})

test('P3: a page under embargo names neither them nor their commits', async () => {
  const { left } = await leftOut(hidden, null)
  const plan = drawPlan(facts({ hidden: 2, left, embargo: { until: null, public: true } }))
  expect(shownPlan(plan).unlisted).toEqual({ changes: 1, people: [] })
})
