import { describe, expect, test } from '@jest/globals'
import { look, openJudge } from '@relman/core/verdict/judge'
import type { Observation } from '@relman/core/verdict/observation'
import { randomFrom } from '../../../scripts/bench-verdict-random.ts'
import { errors, goodLooks, looksAt, observed, quietHistory, step } from './looks.ts'
import { errorsWithin, historyOf, service } from './world.ts'

const world = { family: 'clumps of 3', rps: 500, base: 0.002, canaries: 3, stables: 6, weight: 25 } as const

const trace = () => {
  const next = service(world, randomFrom(7))
  const history = historyOf(next, 40)
  return { history, looks: Array.from({ length: 20 }, (_, i) => [next(i * 15, true, 0.002)]) }
}
const criteria = [errorsWithin(0.005, 0.002)]

test('V4: going on from saved state equals never having stopped', () => {
  const { history, looks } = trace()
  let kept = openJudge({ criteria, history })
  let saved = JSON.stringify(kept)
  for (const observations of looks) {
    const one = look(kept, observations, step)
    const other = look(JSON.parse(saved), observations, step)
    expect(other.verdict).toEqual(one.verdict)
    kept = one.state
    saved = JSON.stringify(other.state)
  }
  expect(JSON.parse(saved)).toEqual(JSON.parse(JSON.stringify(kept)))
  expect(saved.length).toBeLessThan(24_000)
})

test('V4: names and order of instances change nothing', () => {
  const { history, looks } = trace()
  const disguised = (one: Observation): Observation => ({
    ...one,
    canary: one.canary
      .map((s) => ({ ...s, instance: `__proto__${s.instance.length}${s.instance}` }))
      .reverse(),
    stable: one.stable
      .map((s) => ({ ...s, instance: `<b>|${[...s.instance].reverse().join('')}` }))
      .reverse(),
  })
  const plain = looksAt({ criteria, history }, looks)
  const other = looksAt(
    { criteria, history: history.map(disguised) },
    looks.map((list) => list.map(disguised)),
  )
  for (const [i, verdict] of plain.verdicts.entries()) {
    expect(other.verdicts[i]?.verdict).toBe(verdict.verdict)
    expect(Math.log(other.verdicts[i]?.evidenceAgainst ?? 0)).toBeCloseTo(
      Math.log(verdict.evidenceAgainst),
      2,
    )
  }
})

test('V4: an instance may be called __proto__', () => {
  const canary = [{ instance: '__proto__', total: 450, events: 1 }]
  const stable = [{ instance: 'constructor', total: 4000, events: 4 }]
  const { verdict } = looksAt({ criteria: [errors] }, [
    [observed(0, canary, stable)],
    [observed(10, canary, stable)],
    [observed(20, canary, stable)],
  ])
  expect(verdict.metrics[0]?.canary.total).toBe(900)
})

describe('V4: a missed look costs delay, never validity', () => {
  const summed = (one: Observation, two: Observation): Observation => {
    const add = (a: Observation['canary'], b: Observation['canary']) =>
      a.map((s, i) => ({
        ...s,
        total: s.total + (b[i]?.total ?? 0),
        events: (s.events ?? 0) + (b[i]?.events ?? 0),
      }))
    return { ...one, to: two.to, canary: add(one.canary, two.canary), stable: add(one.stable, two.stable) }
  }

  test('the counts of both intervals in one look give nearly the same evidence', () => {
    const { history, looks } = trace()
    const flat = looks.flat()
    const halves = Array.from({ length: 10 }, (_, i) => {
      const [one, two] = flat.slice(2 * i, 2 * i + 2)
      return one && two ? [summed(one, two)] : []
    })
    const all = looksAt({ criteria, history }, looks)
    const missed = looksAt({ criteria, history }, halves)
    expect(missed.verdict.metrics[0]?.canary).toEqual(all.verdict.metrics[0]?.canary)
    const difference = Math.log(missed.verdict.evidenceAgainst) - Math.log(all.verdict.evidenceAgainst)
    expect(Math.abs(difference)).toBeLessThan(2)
  })

  test('what a restart delivers again is counted once', () => {
    const looks = goodLooks(4)
    const once = looksAt({ criteria: [errors], history: quietHistory }, looks)
    const again = looksAt({ criteria: [errors], history: quietHistory }, [...looks.slice(0, 3), looks.flat()])
    expect(again.verdict).toEqual(once.verdict)
  })
})

test('V4: evidence carries over steps; margins shrink as exposure grows', () => {
  const settings = { criteria: [{ ...errors, margins: [0.02, 0.004] }], history: quietHistory }
  let state = openJudge(settings)
  const answers = goodLooks(3).map((observations) => {
    const answer = look(state, observations, step)
    state = answer.state
    return answer.verdict
  })
  expect(answers.at(-1)).toMatchObject({ verdict: 'healthy', reason: 'proven' })
  const narrow = look(state, goodLooks(4)[3] ?? [], { ...step, index: 1 }).verdict
  expect(narrow).toMatchObject({ verdict: 'inconclusive', reason: 'not-proven-yet' })
  expect(narrow.metrics[0]).toMatchObject({ margin: 0.004 })
  expect(narrow.metrics[0]?.canary.total).toBe(4 * 450)
  const beyond = look(state, goodLooks(4)[3] ?? [], { ...step, index: 9 }).verdict
  expect(beyond.metrics[0]?.margin).toBe(0.004)
})

test('without history, the first look only teaches the baseline', () => {
  const { verdicts } = looksAt({ criteria: [errors] }, goodLooks(2))
  expect(verdicts[0]).toMatchObject({ verdict: 'inconclusive', reason: 'learning-baseline' })
  expect(verdicts[1]?.metrics[0]?.canary.total).toBe(450)
})

test('a step has its minimum bake', () => {
  const settings = { criteria: [errors], history: quietHistory, minSeconds: [30, 120] }
  const at = (index: number, elapsedSeconds: number) =>
    looksAt(settings, goodLooks(10), { ...step, index, elapsedSeconds }).verdict
  expect(at(0, 29)).toMatchObject({ verdict: 'inconclusive', reason: 'minimum-bake' })
  expect(at(0, 30).verdict).toBe('healthy')
  expect(at(7, 60).reason).toBe('minimum-bake')
})
