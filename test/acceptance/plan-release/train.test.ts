import { afterEach, expect, test } from '@jest/globals'
import ICAL from 'ical.js'
import { openTrainWorld, slugDigest, type TrainWorld } from './train-world.ts'

let world: TrainWorld
afterEach(async () => {
  const hubs = [world.hub, ...[...world.teams.values()].map(({ hub }) => hub)]
  expect(hubs.flatMap(({ violations }) => violations)).toEqual([])
  await world.close()
})

const manifest = (more = '', revision = 1) => `schema: 1
name: autumn
owner: ada
revision: ${revision}
checkpoint: { at: "2026-01-02T14:00:00Z", invite: [bo@example.org] }
ready: [{ item: support is briefed, done: true }]
components:
  - { component: ledger, team: payments, repository: acme/ledger, version: 3.1.0, previous: 3.0.2 }
  - { component: checkout, team: shop, repository: acme/checkout, version: 5.0.0, needs: [ledger] }
  - { component: search, team: search, repository: acme/search, version: 2.0.0 }
${more}`

const open = async () => {
  world = await openTrainWorld([
    { name: 'ledger', writers: ['cy'], version: '3.1.0' },
    { name: 'checkout', writers: ['bo'], version: '5.0.0' },
    { name: 'search', writers: ['cy'], version: '2.0.0' },
  ])
  world.manifest(manifest())
  const first = await world.pass()
  return { first, digest: await slugDigest(world) }
}

const team = (name: string) => {
  const found = world.teams.get(name)
  if (!found) throw new Error(name)
  return found
}

test('P8: nothing proceeds until every team has confirmed the present revision and the owner said go; then layer by layer to the end', async () => {
  const { first, digest } = await open()
  expect([first.status, first.result.decision, first.result.reasonCode]).toEqual([
    0,
    'waiting',
    'not-confirmed',
  ])
  expect(first.summary).toContain(`/relman confirm ${digest} payments`)
  const opened = await world.ticket()
  expect(opened.body).toMatch(/Readiness checklist[\s\S]*✔ the whole: support is briefed[\s\S]*mermaid/)
  const invitation = /```ics\n([\s\S]*?)\n```/.exec(opened.body)?.[1] ?? ''
  const event = new ICAL.Component(ICAL.parse(invitation)).getFirstSubcomponent('vevent')
  expect(event?.getFirstPropertyValue('dtstart')?.toString()).toBe('2026-01-02T14:00:00Z')
  // Who may not push to the team's repository speaks for nobody, nor does an edited comment, nor is anybody but the owner heard.
  await world.say('mallory', `/relman confirm ${digest} payments`)
  await world.say('bo', `/relman confirm ${digest} payments`)
  await world.say('mallory', `/relman go ${digest}`)
  await world.say('bo', `/relman confirm ${digest} shop`)
  const none = await world.pass()
  expect(none.summary.match(/\*\*missing\*\*/g)).toHaveLength(2)
  expect(world.started).toEqual([])
  await world.say('cy', `/relman confirm ${digest} payments\n/relman confirm ${digest} search`)
  const asked = await world.pass()
  expect([asked.result.reasonCode, world.started]).toEqual(['awaiting-go', []])
  await world.say('ada', `/relman go ${digest}`)
  team('ledger').release = 'hangs'
  const left = await world.pass()
  expect([left.result.decision, left.log]).toEqual(['driving', expect.stringContaining('autumn')])
  expect(world.started).toEqual(['ledger release', 'search release'])
  await team('ledger').finish?.()
  const last = await world.pass()
  const arrived = last.result.decision === 'completed' ? last : await world.pass()
  expect(world.started).toEqual(['ledger release', 'search release', 'checkout release'])
  expect([arrived.status, arrived.result.decision]).toEqual([0, 'completed'])
  expect((await world.ticket()).state).toBe('closed')
  const again = await world.pass()
  expect([again.result.decision, world.started.length]).toEqual(['completed', 3])
  expect((await world.events()).map(({ kind }) => kind)).toEqual([
    'planned',
    ...Array(3).fill('signed-off'),
    'approved',
    'started',
    ...Array(9).fill('stepped'),
    'deployed',
    'completed',
  ])
}, 300_000)

// Names of people who mean harm: a mention, a comment that could end a section, HTML, a script, a table cell.
const evil = 'pay @acme/all <!-- /relman:train --> <img src=x onerror=alert(1)> $(touch pwned) | x'

const chain = (revision: number, more = '') => `schema: 1
name: ${JSON.stringify(`autumn ${evil}`)}
owner: ada
revision: ${revision}
checkpoint: "2026-01-02T14:00:00Z"
components:
  - { component: ${JSON.stringify(`ledger ${evil}`)}, team: ${JSON.stringify(evil)}, repository: acme/ledger, version: 3.1.0 }
  - { component: pricing, team: shop, repository: acme/pricing, version: 1.2.0, needs: [${JSON.stringify(`ledger ${evil}`)}] }
  - { component: checkout, team: shop, repository: acme/checkout, version: 5.0.0, needs: [pricing]${more} }
`

const openChain = async (more: Parameters<typeof openTrainWorld>[0][number] | object = {}) => {
  world = await openTrainWorld([
    { name: 'ledger', writers: ['cy'], version: '3.1.0', ...more },
    { name: 'pricing', writers: ['bo'], version: '1.2.0' },
    { name: 'checkout', writers: ['bo'], version: '5.0.0' },
  ])
  world.manifest(chain(1))
  await world.pass()
  return slugDigest(world)
}

const agree = async (digest: string) => {
  await world.say('cy', `/relman confirm ${digest} ${evil}`)
  await world.say('bo', `/relman confirm ${digest} shop`)
  await world.say('ada', `/relman go ${digest}`)
}

test('P8: a changed manifest voids confirmations and go; a failure stops it and undoes in reverse order; hostile names stay text', async () => {
  const first = await openChain()
  await agree(first)
  world.manifest(chain(2, ', changes: [a new one]'))
  const changed = await world.pass()
  expect([changed.result.reasonCode, world.started]).toEqual(['not-confirmed', []])
  expect(changed.summary.match(/\*\*stale\*\*/g)).toHaveLength(2)
  const digest = await slugDigest(world)
  expect(digest).not.toBe(first)
  await agree(digest)
  team('checkout').release = 'rolls back'
  await world.pass()
  await world.pass()
  const failed = await world.pass()
  expect(world.started.slice(0, 3)).toEqual(['ledger release', 'pricing release', 'checkout release'])
  const end = failed.result.decision === 'rolled-back' ? failed : await world.pass()
  expect(world.started.slice(3)).toEqual(['pricing rollback', 'ledger rollback'])
  expect([end.result.decision, end.result.reasonCode]).toEqual(['rolled-back', 'train-rolled-back'])
  const { body, state } = await world.ticket()
  expect(state).toBe('closed')
  for (const text of [body, end.summary]) {
    const shown = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '')
    expect(shown).toContain('pay')
    expect(shown).not.toMatch(/(?<!\\)<img|@acme/)
    expect(text.match(/^<!-- \/relman:train/gm)?.length ?? 0).toBe(text === body ? 3 : 0)
  }
  const [run] = [...team('ledger').inputs]
  expect(run).toEqual({ train: expect.stringMatching(/^[0-9a-f]{24}$/), version: '3.1.0' })
}, 300_000)

test('P8: killed half-way, a lost answer, two passes at once: each release is started once', async () => {
  const digest = await openChain({
    faults: {
      rule: (method: string, path: string, count: number) =>
        method === 'POST' && path.includes('dispatches') && count === 1 ? 'lost-reply' : undefined,
    },
  })
  await agree(digest)
  const lost = await world.pass()
  expect([lost.status, world.started]).toEqual([0, ['ledger release']])
  let doomed: { kill(signal: 'SIGKILL'): boolean } | undefined
  team('pricing').hub.on('dispatch', () => doomed?.kill('SIGKILL'))
  const killed = await world.pass({}, (child) => {
    doomed = child
  })
  expect([killed.status, world.started.slice(1)]).toEqual([-1, ['pricing release']])
  doomed = undefined
  // What is written in the file after the departure changes nothing, not even when it cannot be read.
  world.manifest('schema: 1\n')
  const both = await Promise.all([world.pass(), world.pass()])
  expect(both[0]?.summary).toMatch(/the file cannot be read now, which has no effect on this train/)
  expect(both.map(({ status }) => status)).toEqual([0, 0])
  world.manifest(chain(1))
  const last = await world.pass()
  expect([last.result.decision, world.started]).toEqual([
    'completed',
    ['ledger release', 'pricing release', 'checkout release'],
  ])
}, 300_000)
