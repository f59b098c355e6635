import { expect, test } from '@jest/globals'
import { type JudgedLook, visitVerdict } from '@relman/core/rollout/visit-verdict'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import type { Verdict } from '@relman/core/verdict/verdict'

const criterion: MetricCriterion = {
  metric: 'errors',
  kind: 'ratio',
  direction: 'lower-is-better',
  margins: [0.01],
  required: true,
}
const verdictOf = (words: string): Verdict => {
  const [verdict = '', reason = ''] = words.split(' ')
  return {
    schema: 1,
    verdict,
    reason,
    at: 0,
    step: 0,
    weight: 10,
    words,
    evidenceAgainst: 1,
    metrics: [],
  } as never
}
const arm = (instance: string, total: number) => [{ instance, total, events: 0 }]
/** Looks each 15 s: the verdict, and requests of both arms. */
const looks = (...all: [string, number, number][]): JudgedLook[] =>
  all.map(([words, canary, stable], index) => {
    const [from, to] = [index * 15, index * 15 + 15]
    const arms = { canary: arm('c', canary), stable: arm('s', stable) }
    const one = { schema: 1, metric: 'errors', kind: 'ratio', from, to, weight: 10, ...arms } as const
    return { at: to, observations: [one], verdict: verdictOf(words) }
  })
const proven = 'healthy proven'
const good = (times: number, requests = 100) =>
  Array.from({ length: times }, (): [string, number, number] => [proven, requests, 900])
const said = (all: JudgedLook[], walked: boolean, weight = 10) => {
  const { verdict, reason } = visitVerdict(all, [criterion], { weight, walked })
  return `${verdict} ${reason}`
}

test.each<[string, [string, number, number][], string, string]>([
  ['proven to the end', good(4), proven, proven],
  [
    'harm once',
    [...good(2), ['unhealthy error-rate-above-margin', 9, 9], ...good(2)],
    'unhealthy error-rate-above-margin',
    'unhealthy error-rate-above-margin',
  ],
  [
    'ten to one against at the end',
    [...good(4), ['inconclusive evidence-against', 100, 900]],
    'inconclusive evidence-against',
    'inconclusive evidence-against',
  ],
  [
    'doubted at the end',
    [...good(4), ['inconclusive too-little-seen', 100, 900]],
    'inconclusive too-little-seen',
    'inconclusive too-little-seen',
  ],
  [
    'one instance at the end',
    [...good(4), ['inconclusive one-instance', 100, 900]],
    'inconclusive one-instance',
    'inconclusive one-instance',
  ],
  [
    'a little less at the end',
    [...good(4), ['inconclusive not-proven-yet', 100, 900]],
    'inconclusive not-proven-yet',
    proven,
  ],
  [
    'against, and good again',
    [...good(1), ['inconclusive evidence-against', 100, 900], ...good(1)],
    proven,
    proven,
  ],
  [
    'no requests at the end',
    [...good(4), ['inconclusive no-traffic', 0, 900]],
    'inconclusive no-traffic',
    'inconclusive no-traffic',
  ],
  [
    'no requests of stable at the end',
    [...good(4), ['inconclusive no-traffic', 100, 0]],
    'inconclusive no-traffic',
    'inconclusive no-traffic',
  ],
  ['a quiet moment of a quiet service', [...good(4, 2), ['inconclusive no-traffic', 0, 900]], proven, proven],
  [
    'never proven',
    [['inconclusive not-proven-yet', 9, 9]],
    'inconclusive not-proven-yet',
    'inconclusive not-proven-yet',
  ],
  ['nothing seen', [], 'inconclusive no-data', 'inconclusive no-data'],
])('V4, V5: %s: what a window and a walked visit come to', (_, all, window, visit) => {
  expect(said(looks(...all), false)).toBe(window)
  expect(said(looks(...all), true)).toBe(visit)
})

test('V4: at 100 % nothing is compared, and harm is heard', () => {
  expect(said(looks(...good(2)), true, 100)).toBe('null null')
  expect(said(looks(['unhealthy ceiling-exceeded', 9, 0]), true, 100)).toBe('unhealthy ceiling-exceeded')
})

test('V6: the look that decides is the one that is shown, and silence says since when', () => {
  const all = looks(...good(2), ['inconclusive evidence-against', 100, 900])
  expect(visitVerdict(all, [criterion], { weight: 10, walked: false }).look).toBe(all[2]?.verdict)
  const silent = looks(...good(4), ['inconclusive no-traffic', 0, 900])
  expect(visitVerdict(silent, [criterion], { weight: 10, walked: false }).look?.words).toBe(
    'inconclusive: errors: no requests on the canary arm since 1970-01-01T00:01:00.000Z, to the end',
  )
})
