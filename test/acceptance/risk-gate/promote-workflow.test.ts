import { afterEach, expect, test } from '@jest/globals'
import { openPromotion, type World } from './promotion-world.ts'

let world: World
afterEach(async () => {
  expect(world.hosted.hub.violations).toEqual([])
  await world.close()
})

/** Starts the workflow as a person does; grace lets waiting jobs of an environment run. */
const promote = async (
  inputs: { version?: string; environment?: string },
  review?: 'approved' | 'rejected',
) => {
  const { hub } = world.hosted
  const started = world.player.runner.startRun({
    workflow: '.github/workflows/promote.yml',
    event: 'workflow_dispatch',
    actor: 'ada',
    inputs: { version: '', environment: '', ...inputs },
  })
  let over = false
  const result = started.finally(() => {
    over = true
  })
  while (review && !over) {
    const pending = await ask(hub, started.id, 'GET')
    const ids = ((await pending.json()) as { environment: { id: number } }[]).map((one) => one.environment.id)
    if (ids.length > 0)
      await ask(hub, started.id, 'POST', { environment_ids: ids, state: review, comment: review })
    await new Promise((next) => setTimeout(next, 50))
  }
  const { conclusion, errors, jobs } = await result
  const ran = jobs
    .filter((job) => job.result !== 'skipped')
    .map((job) => `${job.name.replace('relman / ', '')} ${job.result}`)
  return { conclusion, errors, ran }
}

const ask = (hub: World['hosted']['hub'], run: number, method: string, body?: object) =>
  fetch(`${hub.apiUrl}/repos/acme/checkout/actions/runs/${run}/pending_deployments`, {
    method,
    headers: {
      authorization: `Bearer ${hub.mintToken({ actor: 'grace', kind: 'user', permissions: {} })}`,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })

const events = async () =>
  (await world.hosted.store.events('shop', '1.1.0'))
    .filter(({ kind }) => kind.startsWith('promot'))
    .map(({ kind, data }) => `${kind} ${data['environment']}`)

const states = () =>
  world.hosted.hub
    .deployments()
    .map(({ environment, statuses, payload }) => [
      environment,
      statuses.map(({ state }) => state).join(' '),
      (payload as Record<string, unknown>)['artifact-digest'],
    ])

test('P24: one artifact goes through the environments in their order, each confirmed, twice is once, and production is not promoted to', async () => {
  world = await openPromotion()
  const { digest } = world
  const first = await promote({})
  expect(first).toEqual({
    conclusion: 'success',
    errors: [],
    ran: ['plan success', 'open success', 'deploy success', 'record success'],
  })
  expect(world.deployed()).toEqual([
    `deploy 1.1.0 alpha shop ${digest}`,
    `promote 1.1.0 alpha shop ${digest}`,
  ])
  expect(states()).toEqual([['alpha', 'in_progress success', digest]])

  // The reviewers of staging are asked; who says no ends it, and nothing counts as a success.
  const rejected = await promote({ version: '1.1.0' }, 'rejected')
  expect([rejected.conclusion, rejected.ran.at(-1)]).toEqual(['failure', 'record success'])
  expect(states().at(-1)).toEqual(['staging', 'in_progress failure', digest])
  const second = await promote({ version: '1.1.0' }, 'approved')
  expect([second.conclusion, second.ran]).toEqual([
    'success',
    ['open success', 'deploy success', 'record success'],
  ])
  expect(world.shown.asked).toBeGreaterThanOrEqual(3)
  expect(await events()).toEqual([
    ...['promoting alpha', 'promoted alpha'],
    ...['promoting staging', 'promotion-failed staging', 'promoting staging', 'promoted staging'],
  ])

  const [before, deployments] = [await events(), states()]
  for (const environment of ['', 'alpha', 'staging'])
    expect(await promote({ version: '1.1.0', environment })).toMatchObject({
      conclusion: 'success',
      ran: ['open success'],
    })
  expect((await promote({ version: '1.1.0', environment: 'production' })).ran).toEqual(['open failure'])
  expect([await events(), states(), world.deployed().length]).toEqual([before, deployments, 4])

  const [ticket] = (await world.hosted.hub.issues.all()).filter(({ title }) => title === 'Release shop 1.1.0')
  expect(ticket?.body).toMatch(
    /\| staging \| ✅ promoted \| .*`sha256:[0-9a-f]{12}` \| 127\.0\.0\.1:\d+ answered well 3 times/,
  )
  // What it wrote is what the gate before production reads.
  const plan = (await world.hosted.store.events('shop', '1.1.0')).findLast(({ kind }) => kind === 'planned')
  const { result } = await world.hosted.run('risk-gate', { stage: 'production', digest: plan?.digest ?? '' })
  const criteria = result.data['criteria'] as { id: string; state: string; observed: string }[]
  expect(
    criteria
      .filter(({ id }) => id.startsWith('promoted:'))
      .map(({ id, state, observed }) => [id, state, observed]),
  ).toEqual([
    ['promoted:alpha', 'pass', 'the same digest'],
    ['promoted:staging', 'pass', 'the same digest'],
  ])
}, 180_000)
