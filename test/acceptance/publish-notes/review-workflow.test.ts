import { afterEach, expect, test } from '@jest/globals'
import type { EventKind } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import { type Hosted, openHosted } from '../plan-release/hub.ts'
import { callerOf, openPlayer, type Player } from '../plan-release/play.ts'

let hosted: Hosted
let player: Player
afterEach(async () => {
  await player.close()
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
})

test('W1, P19, N9: the workflow post-release, called as its page shows, reviews a release that was taken back', async () => {
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', {
      '.github/relman.yml': 'service: shop\n',
      '.github/workflows/post-release.yml': callerOf('workflows/post-release.md'),
    })
    clone.tag('v1.0.0')
    clone.commit('fix: a')
  })
  hosted.hub.putEnvironment({
    ...{ name: 'production', reviewers: [], waitTimerMinutes: 0, secrets: {}, variables: {} },
    ...{ canAdminsBypass: true, preventSelfReview: false },
  })
  const digest = (await hosted.plan()).outputs['digest'] ?? ''
  const draft = (kind: EventKind, data = {}) => ({
    ...{ kind, key: kind, actor: 'ada', run: null, digest, token: null, data },
  })
  await hosted.store.append('shop', '1.0.1', [
    draft('approved'),
    draft('started'),
    draft('deployment-failed', { reason: 'manual' }),
    draft('rolled-back', { reason: 'manual', why: 'carts were empty' }),
  ])
  player = openPlayer(hosted)
  const run = (inputs: Record<string, string>) =>
    player.run({
      workflow: '.github/workflows/post-release.yml',
      event: 'workflow_dispatch',
      actor: 'ada',
      inputs: { version: '', early: 'false', ...inputs },
    })
  const first = await run({})
  expect([first.result.errors, first.result.conclusion]).toEqual([[], 'success'])
  expect(first.summary).toMatch(/no review is due; that of shop 1\.0\.1 is on/)
  const { result, summary } = await run({ version: '1.0.1' })
  expect([result.errors, result.conclusion]).toEqual([[], 'success'])
  const names = ['Post-release metrics', 'Execution report', 'Retrospective', 'Improvements']
  for (const name of names) expect(summary).toContain(`<details><summary>${name}</summary>`)
  expect(summary).toMatch(/Noticed by: a person: carts were empty/)
  const events = await hosted.store.events('shop', '1.0.1')
  expect([fold(events).state, events.at(-1)?.kind]).toEqual(['rolled-back', 'reviewed'])
}, 120_000)
