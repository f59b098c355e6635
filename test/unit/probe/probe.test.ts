import { describe, expect, test } from '@jest/globals'
import { probeNotes, probeObservations, probesDown } from '@relman/core/probe/probe-observations'
import { mostCharacters, readProbeReport, writeProbeReport } from '@relman/core/probe/probe-report'
import { addProbed, emptyTally, type Probed, type Tally } from '@relman/core/probe/tally'
import { observationSchema } from '@relman/core/verdict/observation'
import fc from 'fast-check'

const edges = [0.1, 1]
const good: Probed = { instance: null, answered: true, good: true, seconds: 0.05, why: null }
const bad: Probed = { ...good, good: false, why: 'status 500' }
const lost: Probed = { ...bad, answered: false, seconds: 5, why: 'no answer' }
const tally = (...all: Probed[]): Tally => all.reduce((sum, one) => addProbed(sum, one, edges), emptyTally)
const span = {
  from: 100,
  to: 115,
  edges,
  age: () => null,
  known: () => [],
}
const checks = [
  { name: 'probe-errors', kind: 'ratio' },
  { name: 'probe-latency', kind: 'latency' },
]

describe('C10: what probes come to', () => {
  test('each check is an observation of its own; lost answers are bad and slower than every edge', () => {
    const [errors, latency] = probeObservations(
      { canary: tally(good, bad, lost), stable: tally(good, good) },
      checks,
      span,
    )
    expect(errors).toMatchObject({
      metric: 'probe-errors',
      weight: 50,
      canary: [{ instance: 'canary: unnamed', total: 3, events: 2 }],
      stable: [{ instance: 'stable: unnamed', total: 2, events: 0 }],
    })
    expect(latency?.canary[0]?.buckets).toEqual({ le: edges, counts: [2, 0, 1] })
  })

  test('what got no answer is shared among the instances that could have given it', () => {
    const named = (instance: string) => ({ ...good, instance })
    const [errors] = probeObservations(
      { canary: tally(named('a'), named('b'), lost, lost, lost), stable: tally(good) },
      checks,
      span,
    )
    expect(errors?.canary.map(({ instance, total, events }) => [instance, total, events])).toEqual([
      ['a', 3, 2],
      ['b', 2, 1],
    ])
  })

  test('names of instances are anything: no name breaks an observation, nor makes them endless', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constant(null)), { maxLength: 200 }), (names) => {
        const all = tally(...names.map((instance) => ({ ...good, instance })))
        const [errors] = probeObservations({ canary: all, stable: all }, checks, span)
        expect(observationSchema.safeParse(errors).success).toBe(true)
        expect(errors?.canary.length).toBeLessThanOrEqual(52)
        expect(errors?.canary.reduce((sum, { total }) => sum + total, 0)).toBe(names.length)
      }),
      { numRuns: 50 },
    )
  })

  test('V5: alike failures prove nothing: neither answered, or the stable version gave no good answer', () => {
    expect(probesDown({ canary: tally(lost), stable: tally(lost) })).toMatch(
      /neither version answered.*no answer/,
    )
    expect(probesDown({ canary: tally(bad), stable: tally(bad, bad) })).toMatch(
      /stable version gave no good answer to 2 probes \(last: status 500\)/,
    )
    expect(probesDown({ canary: tally(good), stable: tally(lost) })).toMatch(/nothing to compare with/)
    // A new version that alone fails is harm, not silence.
    expect(probesDown({ canary: tally(lost, lost), stable: tally(good) })).toBeNull()
    expect(probesDown({ canary: emptyTally, stable: emptyTally })).toBeNull()
  })

  test('what was odd is said, in words that hold nothing of an answer', () => {
    const notes = probeNotes({ canary: { ...tally(bad), strayed: 2, skipped: 1 }, stable: emptyTally }, 20)
    expect(notes).toEqual([
      expect.stringMatching(/answers to probes of the new version came from another version/),
      expect.stringMatching(/not sent, because 20 were under way/),
      'probes: the new version gave bad answers, such as: status 500',
    ])
  })
})

describe('C10: what a walk hands on', () => {
  const about = { digest: 'abc', deployment: 7 }
  const names = checks.map(({ name }) => name)
  const told = (count: number) =>
    Array.from({ length: count }, (_, at) => {
      const tallies = { canary: tally(good, bad), stable: tally(good) }
      return probeObservations(tallies, checks, { ...span, from: 100 + 15 * at, to: 115 + 15 * at })
    }).flat()

  test('comes back as it was told', () => {
    const all = told(3)
    expect(readProbeReport(writeProbeReport(about, all), about, names)).toEqual(all)
  })

  test('hours of it fit into a variable, no count is lost and nothing is merged over a move', () => {
    const all = told(2000)
    const move = 100 + 15 * 777
    const text = writeProbeReport(about, all, [move])
    expect(text.length).toBeLessThanOrEqual(mostCharacters)
    const back = readProbeReport(text, about, names) ?? []
    const sum = (list: typeof all) =>
      list
        .filter(({ metric }) => metric === 'probe-errors')
        .flatMap(({ canary }) => canary)
        .reduce(
          (counts, { total, events = 0 }) => ({
            total: counts.total + total,
            events: counts.events + events,
          }),
          {
            total: 0,
            events: 0,
          },
        )
    expect(sum(back)).toEqual(sum(all))
    expect(back.some(({ from, to }) => from < move && to > move)).toBe(false)
    const own = back.filter(({ metric }) => metric === 'probe-latency')
    expect(own.every(({ to }, at) => at === 0 || (own[at - 1]?.to ?? 0) < to)).toBe(true)
  })

  test('is heard of its own checks alone, and of its own rollout', () => {
    const text = writeProbeReport(about, told(1))
    expect(readProbeReport(text, { ...about, deployment: 8 }, names)).toBeNull()
    expect(readProbeReport(text, { ...about, digest: 'x' }, names)).toBeNull()
    expect(readProbeReport(text, about, ['probe-errors'])?.map(({ metric }) => metric)).toEqual([
      'probe-errors',
    ])
    for (const broken of ['', '{', '[]', 'null', text.replace('"total":2', '"total":-2')])
      expect(readProbeReport(broken, about, names)).toBeNull()
  })
})
