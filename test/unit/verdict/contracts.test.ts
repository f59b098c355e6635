import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { metricCriterionSchema } from '@relman/core/verdict/criterion'
import { observationSchema } from '@relman/core/verdict/observation'
import { verdictSchema } from '@relman/core/verdict/verdict'
import { verdictReasons } from '@relman/core/verdict/verdict-reasons'
import { z } from 'zod'
import { looksAt } from './looks.ts'

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'))

const criteria = z.array(metricCriterionSchema).parse(fixture('criteria'))
const observations = z.array(observationSchema).parse(fixture('observations'))

test('V6: the judge makes of the recorded observations the recorded verdict', () => {
  const ends = [...new Set(observations.map(({ to }) => to))]
  const looks = ends.map((end) => observations.filter(({ to }) => to === end))
  const { verdict } = looksAt({ criteria }, looks, {
    index: 0,
    last: false,
    elapsedSeconds: 15 * looks.length,
    weight: 10,
  })
  const recorded = verdictSchema.parse(fixture('verdict'))
  expect(verdict.verdict).toBe('unhealthy')
  expect({ ...verdict, metrics: verdict.metrics.map(named) }).toEqual({
    ...recorded,
    evidenceAgainst: expect.closeTo(recorded.evidenceAgainst, 3),
    metrics: recorded.metrics.map(named),
  })
})

const named = ({
  metric,
  criterion,
  verdict,
  reason,
  canary,
  stable,
  margin,
  words,
}: z.infer<typeof verdictSchema>['metrics'][number]) => ({
  metric,
  criterion,
  verdict,
  reason,
  canary,
  stable,
  margin,
  words,
})

test.each([
  ['observation', observationSchema],
  ['criterion', metricCriterionSchema],
  ['verdict', verdictSchema],
] as const)('the contract of a %s has a JSON Schema', (_, schema) => {
  expect(z.toJSONSchema(schema)).toMatchObject({ type: 'object', additionalProperties: false })
})

test('contracts refuse what they do not describe', () => {
  const [one] = observations
  expect(observationSchema.safeParse({ ...one, schema: 2 }).success).toBe(false)
  expect(observationSchema.safeParse({ ...one, weight: 101 }).success).toBe(false)
  const sample = { instance: 'x', total: 1, buckets: { le: [1], counts: [1] } }
  expect(observationSchema.safeParse({ ...one, canary: [sample] }).success).toBe(false)
  expect(
    observationSchema.safeParse({ ...one, canary: [{ instance: 'x', total: Number.NaN }] }).success,
  ).toBe(false)
  expect(metricCriterionSchema.safeParse({ ...criteria[0], margins: [-1] }).success).toBe(false)
})

test('reasons are kebab-case and each is explained', () => {
  for (const [code, words] of Object.entries(verdictReasons)) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(words.length).toBeGreaterThan(20)
  }
})
