import { expect, test } from '@jest/globals'
import { look, openJudge } from '@relman/core/verdict/judge'
import type { Observation } from '@relman/core/verdict/observation'
import { verdictSchema } from '@relman/core/verdict/verdict'
import fc from 'fast-check'
import { errors, step } from './looks.ts'

const wild = fc.oneof(
  fc.nat(5000),
  fc.constantFrom(Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, 1e308, Number.MAX_SAFE_INTEGER),
)
const sample = fc.record(
  {
    instance: fc.string({ minLength: 1, maxLength: 5 }),
    total: wild,
    events: wild,
    age: wild,
    value: wild,
    up: fc.boolean(),
    buckets: fc.record({ le: fc.array(wild, { maxLength: 4 }), counts: fc.array(wild, { maxLength: 5 }) }),
  },
  { requiredKeys: ['instance', 'total'] },
)
const metrics = [
  errors,
  { ...errors, metric: 'ceiling', margins: [], ceiling: 0.01 },
  { ...errors, metric: 'rate', kind: 'rate', direction: 'higher-is-better' },
  { ...errors, metric: 'latency', kind: 'latency' },
  { ...errors, metric: 'value', kind: 'value' },
  { ...errors, metric: 'health', kind: 'health', margins: [] },
] as const
const observation: fc.Arbitrary<Observation> = fc
  .record({
    criterion: fc.constantFrom(...metrics),
    from: fc.oneof(fc.nat(1000), fc.constant(Number.NaN)),
    seconds: fc.integer({ min: -5, max: 60 }),
    weight: wild,
    canary: fc.array(sample, { maxLength: 4 }),
    stable: fc.array(sample, { maxLength: 4 }),
  })
  .map(({ criterion, seconds, ...rest }) => ({
    schema: 1,
    metric: criterion.metric,
    kind: criterion.kind,
    to: rest.from + seconds,
    ...rest,
  }))

test('V5: whatever a provider delivers, there is a verdict that fits its schema, and state that fits in JSON', () => {
  const run = (history: Observation[], looks: Observation[][]) => {
    let state = openJudge({
      criteria: [...metrics].map((one) => ({ ...one, margins: [...one.margins] })),
      history,
      warmUpSeconds: 10,
    })
    for (const observations of looks) {
      const answer = look(state, observations, step)
      expect(verdictSchema.safeParse(answer.verdict).error).toBeUndefined()
      expect(JSON.parse(JSON.stringify(answer.state))).toEqual(answer.state)
      state = answer.state
    }
  }
  fc.assert(
    fc.property(
      fc.array(observation, { maxLength: 5 }),
      fc.array(fc.array(observation, { maxLength: 6 }), { maxLength: 5 }),
      run,
    ),
    { numRuns: 60, seed: 1 },
  )
})

test('V4: fewer errors on the canary do not make the evidence against it stronger, nor the evidence for it weaker (beyond 5 %)', () => {
  const run = (
    canary: number,
    stable: number,
    errorsOfCanary: number,
    fewer: number,
    errorsOfStable: number,
  ) => {
    const at = (events: number) => {
      const state = openJudge({ criteria: [errors], history: [one(-60, 0, 0, 40_000, 40)] })
      return look(
        state,
        [one(0, canary, Math.min(canary, events), stable, Math.min(stable, errorsOfStable))],
        step,
      ).verdict
    }
    const more = at(errorsOfCanary + fewer)
    const less = at(errorsOfCanary)
    expect(less.evidenceAgainst).toBeLessThanOrEqual(more.evidenceAgainst * 1.05)
    const [proven, provenMore] = [less.metrics[0]?.evidenceFor ?? 0, more.metrics[0]?.evidenceFor ?? 0]
    // Far from any promotion, what is left of the evidence is rounding.
    if (provenMore > 0.1) expect(proven).toBeGreaterThanOrEqual(provenMore * 0.95)
  }
  const one = (from: number, canary: number, bad: number, stable: number, other: number): Observation => ({
    schema: 1,
    metric: 'errors',
    kind: 'ratio',
    from,
    to: from + 60,
    weight: 50,
    canary: canary > 0 ? [{ instance: 'c', total: canary, events: bad }] : [],
    stable: [
      { instance: 's', total: stable / 2, events: Math.floor(other / 2) },
      { instance: 't', total: stable / 2, events: Math.ceil(other / 2) },
    ],
  })
  const count = fc.integer({ min: 100, max: 20_000 })
  fc.assert(fc.property(count, count, fc.nat(200), fc.nat(200), fc.nat(40), run), { numRuns: 80, seed: 1 })
})
