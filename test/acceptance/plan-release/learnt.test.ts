import { afterEach, expect, test } from '@jest/globals'
import type { EventKind } from '@relman/core/record/event'
import { type Hosted, openHosted } from './hub.ts'

let hosted: Hosted
afterEach(async () => {
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
})

const past = ['1.0.1', '1.0.2', '1.0.3', '1.0.4', '1.0.5', '1.0.6']
const liveAt = 1_790_000_000
const draft = (kind: EventKind, key: string, data = {}) => ({
  ...{ kind, key, actor: 'ada', run: null, digest: 'd'.repeat(64), token: null, data },
})
const open = (text: string) =>
  openHosted((clone) => {
    clone.commit('feat: begin', { '.github/relman.yml': `service: shop\n${text}` })
    for (const version of ['1.0.0', ...past]) {
      clone.commit(`fix: of ${version}`)
      clone.tag(`v${version}`)
    }
    clone.commit('fix: next')
  })
/** A past release as publish-notes tells it: two steps, of which the arms differed by these logarithms. */
const went = async (version: string, at: number, ratios: number[], more: ReturnType<typeof draft>[] = []) => {
  const told = ratios.flatMap((logRatio, step) => [
    draft('stepped', `stepped:${step}`, { step, weight: 10, movedAt: at + step, confirmedAt: at + step }),
    draft('verdict', `verdict:${step}`, {
      step,
      verdict: 'healthy',
      evidence: { verdict: 'healthy', ratios: [{ metric: 'errors', logRatio, variance: 0.0004 }] },
    }),
  ])
  await hosted.store.append('shop', version, [
    draft('planned', 'p'),
    draft('approved', 'a'),
    draft('started', 'b'),
    ...told,
    draft('stepped', 'stepped:all', { step: 2, weight: 100, movedAt: at + 8, confirmedAt: at + 9 }),
    draft('deployed', 'c'),
    ...more,
  ])
}

test('V4, V3: what past rollouts taught of the arms, and when the previous one went live, is in the plan and said to its approver', async () => {
  hosted = await open(
    'metrics:\n  baseline: previous-release\n  checks:\n    - { kind: ratio, name: errors, total: t, events: e }\n',
  )
  for (const [index, version] of past.entries())
    await went(version, liveAt + 1000 * index, index % 2 === 0 ? [0.11, -0.12] : [-0.1, 0.12])
  const { plan, summary, status } = await hosted.plan()
  expect(status).toBe(0)
  expect(plan.learnt.previousLiveAt).toBe(liveAt + 5000 + 9)
  const [errors] = plan.learnt.armSpread
  expect(errors).toMatchObject({ metric: 'errors', releases: 6, steps: 12 })
  expect(errors.spread).toBeGreaterThan(0.09)
  expect(errors.spread).toBeLessThan(0.15)
  expect(summary).toMatch(
    /errors: the arms of this service differ by 1\d % between harmless releases, learnt from 6 rollouts/,
  )
  expect(summary).toContain('compared with the previous release, the same length of time after it went live')
}, 120_000)

test('V4: releases that were taken back teach nothing, and too few are no past; nobody is told otherwise', async () => {
  hosted = await open('')
  for (const [index, version] of past.entries())
    await went(
      version,
      liveAt + 1000 * index,
      [index < 2 ? 3 : 0.1],
      index < 2 ? [draft('rolled-back', 'd', { reason: 'errors' })] : [],
    )
  const { plan, summary } = await hosted.plan()
  expect(plan.learnt.armSpread).toEqual([])
  expect(summary).not.toContain('between harmless releases')
}, 120_000)

test('V3: a previous release that the record does not know leaves the baseline open, and the plan says so', async () => {
  hosted = await open(
    'metrics:\n  baseline: previous-release\n  checks:\n    - { kind: ratio, name: errors, total: t, events: e }\n',
  )
  const { plan, summary } = await hosted.plan()
  expect(plan.learnt).toEqual({ previousLiveAt: null, armSpread: [] })
  expect(summary).toContain('does not say when 1.0.6 went live')
}, 120_000)
