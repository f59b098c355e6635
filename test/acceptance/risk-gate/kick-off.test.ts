import { afterEach, expect, jest, test } from '@jest/globals'
import { openStage, type Stage } from './stage.ts'

jest.setTimeout(120_000)
let stage: Stage
afterEach(async () => {
  await stage.close()
  expect(stage.hub.violations).toEqual([])
})

const stakeholders = [
  { who: '@octo/support', channel: '#support', hears: ['planned', 'completed'] },
  { who: '| </td> @everyone <!-- x -->', channel: '[x](http://evil.test)', hears: ['planned'] },
  { who: 'press', channel: 'mail', hears: ['completed'] },
]
const policy = { communication: { stakeholders } } as never
const people = { engineering: 'grace', operations: 'linus' }

const ticket = async () => {
  const found = (await stage.hub.issues.all()).find(({ title }) => title === 'Release shop 1.1.0')
  return { body: found?.body ?? '', comments: stage.hub.issues.comments(found?.number ?? 0) }
}

test('L4: the approval of a plan tells the stakeholders once, each what they hear, and is recorded; a new revision is told in place', async () => {
  stage = await openStage({ issues: 'write' })
  const digest = await stage.plan({ policy })
  const approved = await stage.approve(digest, people)
  expect([approved.status, approved.outputs['decision']]).toEqual([0, 'go'])
  const { body, comments } = await ticket()
  expect(comments).toHaveLength(1)
  const said = comments[0]?.body ?? ''
  expect(said).toMatch(/^<!-- relman:kick-off:shop:1\.1\.0 -->\n## Kick-off\n[\s\S]*is approved: revision 1/)
  expect(said).toMatch(/^@octo\/support$/m)
  expect(said).toMatch(/\| press \| nothing yet \| completed \| mail \|/)
  expect(said.split('\n').slice(1).join('\n').replace(/\\./g, '')).not.toMatch(
    /@everyone|<!--|<\/td>|\]\(http/,
  )
  expect(body).toMatch(/<!-- relman:ticket:shop:1\.1\.0:kickoff -->[\s\S]*## Kick-off/)
  expect(body).toMatch(/is approved: revision 1[\s\S]*the comment \*Kick-off\*/)
  expect(body).not.toMatch(/octo\/support|hears now/)
  expect(approved.summary).toMatch(/Kick-off: \d+ told in http/)

  await stage.gate({ stage: 'production', digest })
  const next = await stage.plan({ policy, revision: 2 })
  await stage.approve(next, people, 2)
  const again = await ticket()
  expect(again.comments.map(({ body }) => /is approved: revision (\d)/.exec(body)?.[1])).toEqual(['2'])
  const told = (await stage.store.events('shop', '1.1.0')).filter(({ kind }) => kind === 'notified')
  expect(told.map((event) => [event.digest, event.data['moment']])).toEqual([
    [digest, 'planned'],
    [next, 'planned'],
  ])
  expect(told[0]?.data['told']).toContainEqual({ who: '@octo/support', channel: '#support' })
})

test('L4: of a security release nobody outside the team is told; a token that may not write issues takes no approval back', async () => {
  stage = await openStage({ issues: 'write' })
  await stage.approve(await stage.plan({ policy, type: 'security' }), people)
  expect((await ticket()).comments[0]?.body).not.toMatch(/octo|press/)
  await stage.close()
  stage = await openStage()
  const mute = await stage.approve(await stage.plan({ policy }), people)
  expect([mute.outputs['decision'], (await stage.release()).state]).toEqual(['go', 'approved'])
  expect(mute.summary).toMatch(/Nobody was told: .*issues/)
})

test('L4: no stage of the gate takes a provisional plan, whatever people approved; it is refused, not rejected', async () => {
  stage = await openStage()
  const freeze = { feature: '2099-01-01T00:00:00Z', code: null, source: 'freeze.dates of the policy' }
  const digest = await stage.plan({
    state: 'provisional',
    freeze: { ...freeze, base: null, late: [], held: 0 },
  })
  await stage.review('signoff-engineering', 'grace')
  for (const inputs of [
    { stage: 'scope' },
    { stage: 'signoff', role: 'engineering' },
    { stage: 'production' },
    { stage: 'exposure' },
  ]) {
    const { status, result } = await stage.gate({ ...inputs, digest })
    expect([status, result.decision, result.reasonCode]).toEqual([1, 'no-go', 'plan-provisional'])
    expect(result.message).toMatch(
      /provisional: its features freeze at 2099-01-01.*plan again then, or now with the input freeze/,
    )
  }
  const release = await stage.release()
  expect([release.state, release.signoffs]).toEqual(['planning', []])
})
