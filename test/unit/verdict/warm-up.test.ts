import { describe, expect, test } from '@jest/globals'
import type { Observation, Sample } from '@relman/core/verdict/observation'
import { errors, looksAt, observed, samples } from './looks.ts'

const arm = (name: string, instances: number, total: number, share: number, at: number): Sample[] =>
  samples(
    name,
    Array.from({ length: instances }, () => {
      const until = (look: number) => Math.floor(look * total * share)
      return [total, until(at + 1) - until(at)] as const
    }),
  )
const aged = (some: Sample[], age: number): Sample[] => some.map((one) => ({ ...one, age }))
const stable = (at: number) => aged(arm('s', 8, 300, 0.001, at), 9000)
const history = Array.from({ length: 60 }, (_, at) => observed(at * 10 - 600, [], stable(at), { weight: 0 }))
const settings = { criteria: [errors], history, warmUpSeconds: 90 }
const judged = (canary: (at: number) => Sample[], { weight = 38, others = stable, looks = 40 } = {}) =>
  looksAt(
    settings,
    Array.from({ length: looks }, (_, at): Observation[] => [
      observed(at * 10, canary(at), others(at), { weight }),
    ]),
  )

describe('V5: a warm-up is granted once', () => {
  const good = (at: number) => aged(arm('c', 2, 300, 0.001, at), 600)

  test('instances that fail until they are killed and come under other names are judged', () => {
    const killed = (at: number) => aged(arm(`killed-${at}`, 3, 300, 0.6, at), 10)
    const { verdict, verdicts } = judged((at) => [...good(at), ...killed(at)], { looks: 12 })
    expect(verdict).toMatchObject({ verdict: 'unhealthy', reason: 'error-rate-above-margin' })
    expect(verdicts.filter(({ verdict }) => verdict === 'healthy')).toEqual([])
  })

  test('so are those that begin anew under one name', () => {
    const killed = (at: number) => aged(arm('killed', 3, 300, 0.6, at), 10)
    const { verdict } = judged((at) => [...good(at), ...killed(at)], { looks: 12 })
    expect(verdict.verdict).toBe('unhealthy')
  })

  test('while much of the canary is cold nothing is proven, and the page says so; then it is', () => {
    const { verdicts } = judged((at) => [
      ...good(at),
      ...aged(arm('more', 3, 300, at < 9 ? 0.05 : 0.001, at), at * 10),
    ])
    const cold = verdicts.slice(1, 9)
    expect(cold.map(({ reason }) => reason)).toEqual(Array(8).fill('warming-up'))
    expect(cold[0]?.words).toContain("60 % of the canary's requests are not judged")
    expect(verdicts[9]).toMatchObject({ verdict: 'healthy', reason: 'proven' })
  })

  test('instances that come and go after their warm-up are granted one each', () => {
    const { verdicts } = judged((at) => {
      const [turn, age] = [Math.floor(at / 12), (at % 12) * 10]
      const extra = arm(`extra-${turn}`, 1, 200, age < 90 ? 0.6 : 0.001, at)
      return [...good(at), ...aged(extra, age)]
    })
    expect(verdicts.map(({ verdict }) => verdict)).not.toContain('unhealthy')
    expect(verdicts.at(-1)).toMatchObject({ verdict: 'healthy' })
  })

  test('a new step grants anew, and what is remembered stays small', () => {
    const looks = Array.from({ length: 80 }, (_, at): Observation[] => [
      observed(at * 10, [...good(at), ...aged(arm(`new-${at}`, 3, 300, 0.001, at), 10)], stable(at), {
        weight: at < 40 ? 25 : 38,
      }),
    ])
    const { warmUps } = looksAt(settings, looks).state.metrics[0] ?? {}
    expect(warmUps).toEqual({
      weight: 38,
      canary: { cold: [], spent: true },
      stable: { cold: [], spent: false },
    })
    const { state } = looksAt(settings, looks.slice(0, 41))
    expect(state.metrics[0]?.warmUps?.canary.cold).toHaveLength(3)
  })
})

describe('V5: a canary whose instances vanish, and requests with them', () => {
  const half = (at: number) => arm('s', 5, 600, 0.001, at)
  const shrunk = (left: number, total: number) =>
    judged((at) => arm('c', at < 8 ? 5 : left, at < 8 ? 600 : total, 0.001, at), {
      weight: 50,
      others: half,
    }).verdict

  test('is not proven, and the page says how much is missing', () => {
    const verdict = shrunk(1, 600)
    expect(verdict).toMatchObject({ verdict: 'inconclusive', reason: 'canary-shrank' })
    expect(verdict.words).toContain(
      '1 of 5 canary instances serve 600 requests where 3000 were to be expected',
    )
  })

  test('is judged as before where the others take over what it served, or all serve less', () => {
    expect(shrunk(1, 3000).verdict).toBe('healthy')
    expect(shrunk(5, 120).verdict).toBe('healthy')
  })
})
