import { afterEach, expect, test } from '@jest/globals'
import type { Planned } from './clone.ts'
import { type Hosted, openHosted } from './hub.ts'

let hosted: Hosted
afterEach(async () => {
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
})

/** Checkout 1.0.0 is released; main went on with a feature, and the branch `hotfix` mends the release itself. */
const open = async (policy = ''): Promise<void> => {
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', { '.github/relman.yml': policy })
    clone.tag('v1.0.0')
    clone.git('switch', '-q', '-c', 'hotfix')
    clone.commit('fix: do not charge twice')
    clone.git('switch', '-q', 'main')
    clone.commit('feat: more')
  })
}

const urgent = { severity: 'critical', affected: '40', ref: 'hotfix' }
const told = ({ status, result }: Planned) => [status, result.decision, result.reasonCode]

test('P12: what is urgent is planned as a hotfix, with the reason and what its path keeps', async () => {
  await open()
  const planned = await hosted.plan(urgent)
  expect(told(planned)).toEqual([0, 'planned', 'planned'])
  expect(planned.plan).toMatchObject({
    version: '1.0.1',
    type: 'hotfix',
    urgency: {
      severity: 'critical',
      affected: 40,
      workaround: false,
      why: expect.stringMatching(/^critical, 40 % of users \(many\), no workaround: waiting does more harm/),
      path: expect.arrayContaining(['staging smoke test', 'rollback plan']),
    },
  })
  expect(planned.plan.rollback.steps.length).toBeGreaterThan(0)
  expect(planned.plan.signoffs).not.toEqual([])
  expect(planned.summary).toMatch(
    /\| \*\*Why now\*\* \| critical, 40 % of users .*Kept of the path: staging smoke/,
  )
  const ticket = (await hosted.hub.issues.all()).find(({ title }) => title === 'Release checkout 1.0.1')
  expect(ticket?.body).toMatch(/- Why now: critical, 40 %/)
}, 120_000)

test('P12: what can wait names the next scheduled release, and nothing is planned', async () => {
  await open(
    'schedule: { trains: [{ name: weekly, every: week, first: 2026-01-06, time: "10:00", type: minor }] }\n',
  )
  const mild = { ...urgent, severity: 'medium' }
  const train = await hosted.plan(mild)
  expect(told(train)).toEqual([0, 'wait', 'rides-next-release'])
  expect(train.result.message).toMatch(
    /^no hotfix: medium, 40 % of users .*: it rides the train "weekly", Tue /,
  )
  expect(train.outputs).toMatchObject({ version: '', digest: '', signoffs: '[]' })
  expect([train.text, await hosted.store.releases('checkout')]).toEqual(['', []])
  expect(train.summary).toMatch(/^# The fix waits\n\n.*rides the train "weekly"/)
}, 120_000)

test('P12: a release that is planned in the record is the next one; with nothing scheduled it says so', async () => {
  await open()
  const helped = { ...urgent, affected: '4 %', workaround: 'true' }
  expect(told(await hosted.plan(helped))).toEqual([0, 'wait', 'nothing-scheduled'])
  await hosted.plan({ type: 'minor' })
  const planned = await hosted.plan(helped)
  expect(told(planned)).toEqual([0, 'wait', 'rides-next-release'])
  expect(planned.result.data).toMatchObject({
    next: { name: 'checkout 1.1.0' },
    affected: 4,
    workaround: true,
  })
}, 120_000)

test('P12: no workaround counts for what can be exploited, and an unknown share counts as many', async () => {
  await open()
  const helped = { severity: 'high', workaround: 'true', ref: 'hotfix' }
  expect(told(await hosted.plan(helped))[1]).toBe('wait')
  const { plan } = await hosted.plan({ ...helped, type: 'security' })
  expect([plan.type, plan.urgency.affected]).toEqual(['security', null])
  expect(plan.urgency.why).toMatch(/unknown share of users \(counted as many\).*it can be exploited/)
}, 120_000)

test('P12: a hotfix holds fixes only, and is built on what is live', async () => {
  await open()
  const { clone, store } = hosted
  const wide = await hosted.plan({ ...urgent, ref: 'main' })
  expect(told(wide)).toEqual([1, 'refused', 'hotfix-carries-more'])
  expect(wide.result.message).toMatch(
    /brings [0-9a-f]{7} more since v1\.0\.0: begin the branch of the hotfix at/,
  )
  const narrow = await hosted.plan({ ...urgent, ref: 'main', from: 'main' })
  clone.commit('fix: typo')
  const hidden = await hosted.plan({ ...urgent, ref: 'main', from: 'main~1' })
  expect([told(narrow), told(hidden)]).toEqual(Array(2).fill([1, 'refused', 'hotfix-carries-more']))
  const live = { version: '1.1.0', sha: clone.git('rev-parse', 'main'), digest: 'd' }
  await store.append('checkout', '1.1.0', [], { change: { live } })
  const old = await hosted.plan(urgent)
  expect(told(old)).toEqual([1, 'refused', 'hotfix-off-base'])
  expect(old.result.message).toMatch(/checkout 1\.1\.0 is live, and this commit is built on 1\.0\.0/)
  expect(await store.events('checkout', '1.0.1')).toEqual([])
}, 120_000)

test('bad input: each fault of the inputs in one sentence', async () => {
  await open()
  const answers = await Promise.all([
    hosted.plan({ severity: 'urgent', affected: '120' }),
    hosted.plan({ affected: '3' }),
    hosted.plan({ severity: 'high', type: 'minor' }),
  ])
  expect(answers.map(told)).toEqual(Array(3).fill([1, 'error', 'configuration-error']))
  expect(answers.map(({ result }) => result.message)).toEqual([
    expect.stringMatching(
      /"severity": write one of low, medium, high, critical.*\n.*"affected": write a percent/,
    ),
    expect.stringMatching(/"affected": says nothing without severity/),
    expect.stringMatching(/"severity": decides between a hotfix and waiting, so type cannot be minor/),
  ])
}, 120_000)
