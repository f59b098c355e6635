import { expect, test } from '@jest/globals'
import { judgeRange } from '@relman/core/replay/judge-range'
import { type ReplayReport, showReplay } from '@relman/core/replay/replay-report'
import { ladder } from '@relman/core/rollout/ladder'
import { errors, observed, quietHistory, samples } from '../verdict/looks.ts'

const steps = [25, 50].map((weight) => ({ weight, margin: 1, min: 60, max: 600 }))
const rungs = ladder({ steps })
const settings = { criteria: [errors], history: quietHistory }
const few = (arm: string, look: number, requests: number) =>
  samples(
    arm,
    [0, 1, 2].map((i) => [requests, (i + look) % 3 === 0 ? 1 : 0] as const),
  )
/** Ten minutes at a quarter of the traffic, then all of it on the new version. */
const rollout = (requests: number) => [
  ...Array.from({ length: 60 }, (_, i) =>
    observed(10 * i, few('canary', i, requests), few('stable', i + 1, 3 * requests)),
  ),
  ...Array.from({ length: 30 }, (_, i) =>
    observed(600 + 10 * i, samples('canary', [[1200, 1]]), i % 2 === 0 ? [] : samples('stable', [[0, 0]])),
  ),
]

test('V7: a release that went on from a quarter of the traffic to all of it is judged by what was compared', () => {
  const said = judgeRange(rollout(300), settings, rungs)
  expect(said).toMatchObject({ verdict: 'healthy', reason: 'proven', compared: 60 })
  expect(said.seconds).toBeLessThan(600)
})

test('V7: a release that was not proven when it got all traffic says so, not that its baseline is gone', () => {
  const early = rollout(10).filter(({ from }) => from < 30 || from >= 600)
  expect(judgeRange(early, settings, rungs)).toMatchObject({
    verdict: 'inconclusive',
    reason: 'not-proven-yet',
  })
})

test('V7: where nothing is known, the tags are not blamed', () => {
  const report: ReplayReport = {
    schema: 1,
    since: 0,
    until: 86_400,
    knownFrom: null,
    releases: [],
    between: [],
    wolf: [],
    notes: [],
  }
  expect(showReplay(report)).toMatch(/look whether the checks name series that exist/)
  expect(showReplay({ ...report, knownFrom: 0 })).toMatch(/No tag of this repository names a release/)
})
