import { expect, test } from '@jest/globals'
import { look, openJudge } from '@relman/core/verdict/judge'
import { restoreJudge, saveJudge } from '@relman/core/verdict/saved-state'
import { packWhole, unpackWhole } from '@relman/core/verdict/whole-numbers'
import { randomFrom } from '../../../scripts/bench-verdict-random.ts'
import { step } from './looks.ts'
import { errorsWithin, historyOf, service } from './world.ts'

const world = { family: 'clumps of 3', rps: 500, base: 0.001, canaries: 3, stables: 18, weight: 25 } as const

test('V4: going on from what was saved equals never having stopped, at a third of the length', () => {
  const next = service(world, randomFrom(11))
  let kept = openJudge({ criteria: [errorsWithin(0.005, 0.002)], history: historyOf(next, 60) })
  let saved = saveJudge(kept)
  for (let i = 0; i < 40; i++) {
    const observations = [next(i * 15, true, 0.001)]
    const one = look(kept, observations, step)
    const other = look(restoreJudge(saved), observations, step)
    expect(other.verdict).toEqual(one.verdict)
    kept = one.state
    saved = saveJudge(other.state)
  }
  const plain = JSON.stringify(kept)
  expect(restoreJudge(saved)).toEqual(JSON.parse(plain))
  expect(saved.length).toBeLessThan(plain.length / 2)
})

test('V4: saved names may be anything', () => {
  const samples = ['__proto__', '"~":', '@', ''].map((name, i) => ({
    instance: `${name}${i}`,
    total: 100 + i,
    events: i,
  }))
  const state = openJudge({ criteria: [errorsWithin(0.01)] })
  const looks = [0, 15, 30].map((from) => ({
    schema: 1 as const,
    metric: 'errors',
    kind: 'ratio' as const,
    from,
    to: from + 15,
    weight: 50,
    canary: samples.slice(0, 2),
    stable: samples.slice(2),
  }))
  const seen = looks.reduce((known, one) => look(known, [one], step).state, state)
  expect(restoreJudge(saveJudge(seen))).toEqual(JSON.parse(JSON.stringify(seen)))
})

test.each([[[]], [[0]], [[-1, 1, 0]], [[31, 32, -32, 1023, 1024]], [[2 ** 45 - 1, 1 - 2 ** 45, 7]]])(
  'whole numbers come back: %j',
  (values) => {
    expect(unpackWhole(packWhole(values))).toEqual(values)
  },
)

test('random whole numbers come back', () => {
  const random = randomFrom(1)
  for (let run = 0; run < 200; run++) {
    const size = 2 ** (random.uniform() * 40)
    const values = Array.from({ length: 40 }, () => Math.round((random.uniform() - 0.5) * size) + 0)
    expect(unpackWhole(packWhole(values)).map((value) => value + 0)).toEqual(values.map((value) => value + 0))
  }
})

test.each(['{}', '{"schema":2,"names":[],"state":{}}', '[]'])(
  'what was not saved is not restored: %s',
  (text) => {
    expect(() => restoreJudge(text)).toThrow('no state of a judge')
  },
)
