import { getOctokit } from '@actions/github'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openWorld, refusal, type World } from './world.ts'

let beside: World
let world: World
beforeEach(async () => {
  beside = await openWorld({ repo: 'ledger', writers: ['grace'] })
  world = await openWorld({ beside: [beside.hub] })
})
afterEach(async () => {
  await world.close()
  await beside.close()
})

const client = (repositories: string[]) =>
  getOctokit(
    world.hub.mintToken({
      actor: 'train',
      app: 'train',
      kind: 'job',
      permissions: { contents: 'read', actions: 'write' },
      repositories,
    }),
    { baseUrl: world.hub.apiUrl },
  )

const ledger = { owner: 'octo', repo: 'ledger' }

test('two repositories at one address: each answers for itself, by REST and by GraphQL', async () => {
  const app = client(['octo/shop', 'octo/ledger'])
  for (const repo of ['shop', 'ledger']) {
    const { data } = await app.request('GET /repos/{owner}/{repo}', { owner: 'octo', repo })
    expect(data.full_name).toBe(`octo/${repo}`)
  }
  await app.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
    ...ledger,
    workflow_id: 'release.yml',
    ref: 'main',
  })
  const runs = (repo: string) =>
    app.request('GET /repos/{owner}/{repo}/actions/runs', { owner: 'octo', repo })
  expect([(await runs('ledger')).data.total_count, (await runs('shop')).data.total_count]).toEqual([1, 0])
  expect((await runs('ledger')).data.workflow_runs[0]?.actor?.login).toBe('train[bot]')
  const query = 'query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { id } }'
  const ids = await Promise.all(
    ['shop', 'ledger'].map((name) =>
      app.graphql<{ repository: { id: string } }>(query, { owner: 'octo', name }),
    ),
  )
  expect(new Set(ids.map(({ repository }) => repository.id)).size).toBe(2)
  expect([...world.hub.violations, ...beside.hub.violations]).toEqual([])
})

test('a token reaches the repositories of its installation only, and that of a job its own one', async () => {
  const read = (app: ReturnType<typeof getOctokit>) => app.request('GET /repos/{owner}/{repo}', ledger)
  expect((await refusal(read(client(['octo/shop'])))).status).toBe(404)
  expect((await refusal(read(world.job({ contents: 'write' })))).status).toBe(404)
})

test('who may push is told: of the readers those that are writers; strangers are not found', async () => {
  const app = client(['octo/ledger'])
  const ask = (username: string) =>
    app.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', { ...ledger, username })
  expect((await ask('grace')).data.permission).toBe('write')
  expect((await ask('ada')).data.permission).toBe('read')
  expect((await refusal(ask('nobody'))).status).toBe(404)
})
