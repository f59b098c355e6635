import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { GitHubError } from '@relman/core/ports/github-error'
import { openWorld, type World } from '../../rehearsal/github/world.ts'
import { openAdapters } from './open-adapters.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(async () => {
  await world.close()
  expect(world.hub.violations).toEqual([])
})

const at = '2026-01-02T00:00:00Z'
const put = (number: number, more: object = {}) =>
  world.hub.issues.put({
    ...{ number, title: `feature ${number}`, body: null, user: 'grace', state: 'closed', stateReason: null },
    ...{ labels: ['a'], assignees: ['grace'], createdAt: at, updatedAt: at, closedAt: at, closedBy: 'ada' },
    ...{ milestone: 1, ...more },
  })

test('P22: a milestone by the first title that there is, in one call; where more are named alike, in two', async () => {
  const { github } = openAdapters(world, { issues: 'read' })
  const asked = () => world.lines.length
  world.hub.putMilestone({ number: 1, title: 'V1.1.0', state: 'closed' })
  put(3)
  put(40, { stateReason: 'not_planned', assignees: [] })
  expect(await github.milestone(['1.1.0', 'v1.1.0'])).toMatchObject({
    ...{ number: 1, state: 'closed', unread: 0 },
    issues: [
      {
        number: 3,
        dropped: false,
        labels: ['a'],
        owners: ['grace'],
        pulls: [{ number: 7, state: 'merged' }],
      },
      { number: 40, dropped: true, owners: [], pulls: [] },
    ],
  })
  expect(asked()).toBe(1)
  for (const number of [2, 3, 4]) world.hub.putMilestone({ number, title: `v1.1.0-rc.${number}` })
  expect((await github.milestone(['1.1.0', 'v1.1.0']))?.number).toBe(1)
  expect(asked()).toBe(3)
  expect(await github.milestone(['9.9.9'])).toBeNull()
  for (let number = 100; number < 640; number += 1) put(number)
  const many = await github.milestone(['v1.1.0'])
  expect([many?.issues.length, many?.unread]).toEqual([500, 42])
})

test('P22: without issues: read the permission is named', async () => {
  const { github } = openAdapters(world, { contents: 'read' })
  await expect(github.milestone(['1'])).rejects.toMatchObject({ reasonCode: 'permission-missing' })
  await expect(github.milestone(['1'])).rejects.toBeInstanceOf(GitHubError)
})

test('L4: one comment on an issue, kept up to date; those of people are left alone', async () => {
  const { github } = openAdapters(world, { issues: 'write' })
  put(50)
  const { owner, repo } = world.repo
  await world.user('grace').request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...{ owner, repo, issue_number: 50, body: '<!-- kick -->\nforged' },
  })
  for (const body of ['first', 'first', 'second'])
    expect((await github.comments.ensure({ issue: 50, marker: 'kick', body })).url).toMatch(
      /issues\/50#issuecomment-/,
    )
  expect(world.hub.issues.comments(50).map(({ body }) => body)).toEqual([
    '<!-- kick -->\nforged',
    '<!-- kick -->\nsecond',
  ])
})
