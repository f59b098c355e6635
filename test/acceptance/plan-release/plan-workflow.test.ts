import { afterEach, expect, test } from '@jest/globals'
import type { RunResult } from '../../../rehearsal/runner/schedule/run.ts'
import { type Hosted, openHosted } from './hub.ts'
import { callerOf, openPlayer, type Player } from './play.ts'

const caller = callerOf('workflows/plan.md')

let hosted: Hosted
let player: Player
afterEach(async () => {
  await player.close()
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
})

/** Runs the caller's workflow as GitHub does for pull request 7: on the merge that GitHub makes to test it. */
const pullRequest = async (
  base: string,
  title: string,
  event: 'pull_request' | 'merge_group' | 'workflow_dispatch' = 'pull_request',
  workflow = caller,
): Promise<{ result: RunResult; summary: string }> => {
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', { '.github/workflows/plan.yml': workflow })
    clone.tag('v1.0.0')
    clone.commit('fix: a (#2)')
    if (base !== 'main') clone.git('branch', base)
    clone.git('switch', '-q', '-c', 'topic')
    clone.commit('wip')
    clone.git('switch', '-q', '--detach', base)
    clone.git('merge', '-q', '--no-ff', '-m', 'Merge topic into base', 'topic')
  })
  const { clone, hub } = hosted
  const queue = `refs/heads/gh-readonly-queue/${base}/pr-7-${clone.git('rev-parse', base)}`
  const refs = {
    pull_request: 'refs/pull/7/merge',
    merge_group: queue,
    workflow_dispatch: 'refs/heads/sneak',
  }
  for (const ref of Object.values(refs)) clone.git('push', '-q', '../bare.git', `HEAD:${ref}`)
  const at = '2026-01-02T00:00:00Z'
  const none = { assignees: [], closedAt: null, closedBy: null, stateReason: null, body: null, labels: [] }
  hub.issues.put({
    ...none,
    ...{ number: 7, title, user: 'grace', state: 'open', createdAt: at, updatedAt: at },
    pull: {
      ...{ mergedAt: null, mergedBy: null, mergeCommit: null, headRef: 'topic', baseRef: base },
      ...{ commits: [clone.git('rev-parse', 'topic')], reviews: [], closes: [] },
    },
  })
  player = openPlayer(hosted)
  return player.run({
    workflow: '.github/workflows/plan.yml',
    event,
    actor: 'grace',
    ref: refs[event],
    sha: clone.git('rev-parse', 'HEAD'),
    payload: {
      pull_request: { action: 'opened', pull_request: { number: 7 } },
      merge_group: { action: 'checks_requested', merge_group: { head_ref: queue } },
      workflow_dispatch: {},
    }[event],
  })
}

test('W1: the workflow plan, called as its page shows, comments on a pull request and is green', async () => {
  const { result, summary } = await pullRequest('main', 'feat: more')
  expect([result.errors, result.conclusion]).toEqual([[], 'success'])
  expect(
    hosted.hub.issues.comments(7).map(({ user, body }) => [user, body.includes('**1.1.0 (minor)**')]),
  ).toEqual([['github-actions[bot]', true]])
  expect(summary).toContain('**1.1.0 (minor)**')
}, 120_000)

test('P4: the workflow plan is red where the branch is frozen for the pull request', async () => {
  const { result } = await pullRequest('release/1.1.0', 'feat: more')
  expect([result.errors, result.conclusion]).toEqual([[], 'failure'])
  expect(result.jobs.map(({ name, result }) => [name, result])).toEqual([['relman / plan', 'failure']])
  expect(hosted.hub.issues.comments(7)[0]?.body).toContain('May not enter `release/1.1.0`')
}, 120_000)

test('P4: in a merge queue the workflow plan is red by the freeze of that moment, and says so in the comment', async () => {
  const { result } = await pullRequest('release/1.1.0', 'feat: more', 'merge_group')
  expect([result.errors, result.conclusion]).toEqual([[], 'failure'])
  expect(hosted.hub.issues.comments(7)[0]?.body).toContain('May not enter `release/1.1.0`')
}, 120_000)

test('P4: a plan of a commit, started by hand, has another name than the check that a freeze requires', async () => {
  const { result } = await pullRequest('release/1.1.0', 'feat: more', 'workflow_dispatch')
  expect(result.jobs.map(({ name, result }) => [name, result])).toEqual([
    ['relman / plan of a commit', 'success'],
  ])
  expect(hosted.hub.issues.comments(7)).toEqual([])
}, 120_000)

test('P4: nor does a pull request that somebody names stand in for the one that is to be judged', async () => {
  const other = caller.replace('    permissions:\n', '    with: { pull: "7" }\n    permissions:\n')
  const { result } = await pullRequest('main', 'feat: more', 'workflow_dispatch', other)
  expect(result.jobs.map(({ name, result }) => [name, result])).toEqual([
    ['relman / plan of a commit', 'success'],
  ])
  expect(hosted.hub.issues.comments(7)).toHaveLength(1)
}, 120_000)
