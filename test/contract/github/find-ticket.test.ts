import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openClient } from '@relman/core/adapters/github/client'
import { openTicketFinder, openTicketReader } from '@relman/core/adapters/github/find-ticket'
import { readRunContext } from '@relman/core/runtime/run-context'
import { openWorld, type World } from '../../rehearsal/github/world.ts'
import { countingClock, openAdapters } from './open-adapters.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(async () => {
  expect(world.hub.violations).toEqual([])
  await world.close()
})

const marker = 'relman:ticket:shop:1.1.0'
const title = 'Release shop 1.1.0'
const wanted = { marker, title, labels: ['release'], state: 'open' as const }
const write = (body: string | null) => body ?? `<!-- ${marker} -->\n`
const stored = async (number: number) => {
  const issue = (await world.hub.issues.all()).find((each) => each.number === number)
  if (!issue) throw new Error('there is no such issue')
  const { id: _, ...rest } = issue
  return rest
}
const client = () => {
  const { hub } = world
  const context = readRunContext({
    GITHUB_REPOSITORY: `${hub.owner}/${hub.repo}`,
    GITHUB_API_URL: hub.apiUrl,
    GITHUB_GRAPHQL_URL: hub.graphqlUrl,
  })
  const token = hub.mintToken({ actor: 'ada', kind: 'job', permissions: { issues: 'read' } })
  return openClient({ context, token, dryRun: false, clock: countingClock() })
}
const finder = () => openTicketFinder(client())

test('L5: a ticket is found without its label, and without its text, by whoever looks and by whoever writes', async () => {
  const { github } = openAdapters(world, { issues: 'write' })
  expect(await finder()({ marker, title })).toBeNull()
  const { number } = await github.issues.ensure({ ...wanted, write })
  world.hub.issues.put({ ...(await stored(number)), labels: ['hold'] })
  expect(await finder()({ marker, title })).toMatchObject({ number, labels: ['hold'] })
  expect((await github.issues.ensure({ ...wanted, write })).number).toBe(number)
  world.hub.issues.put({ ...(await stored(number)), body: '', state: 'closed' })
  expect(await finder()({ marker, title })).toMatchObject({ number, state: 'closed' })
  world.hub.issues.put({ ...(await stored(number)), user: 'ada' })
  expect(await finder()({ marker, title })).toBeNull()
})

test('L5: a ticket is read again as it is in this moment, whatever was listed before', async () => {
  const { github } = openAdapters(world, { issues: 'write' })
  const { number } = await github.issues.ensure({ ...wanted, write })
  const find = finder()
  expect(await find({ marker, title })).toMatchObject({ labels: ['release'] })
  world.hub.issues.put({ ...(await stored(number)), labels: ['hold'], state: 'closed' })
  expect(await find({ marker, title })).toMatchObject({ labels: ['release'] })
  expect(await openTicketReader(client())(number)).toEqual({ labels: ['hold'], state: 'closed' })
})
