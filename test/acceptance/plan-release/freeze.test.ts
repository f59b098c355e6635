import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { type Hosted, openHosted } from './hub.ts'

let hosted: Hosted
afterEach(async () => {
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
})

const open = async (policy: string): Promise<void> => {
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', { '.github/relman.yml': `service: shop\nmode: advise\n${policy}` })
    clone.tag('v1.0.0')
    clone.commit('feat: cart (#7)')
  })
}

const ticket = async (): Promise<string> =>
  (await hosted.hub.issues.all()).find(({ title }) => title === 'Release shop 1.1.0')?.body ?? ''

const calendars = (): string[] => {
  const base = join(hosted.clone.folder, '..')
  const jobs = readdirSync(base).filter((name) => name.startsWith('job-'))
  return jobs.flatMap((job) =>
    readdirSync(join(base, job))
      .filter((name) => name === 'release.ics')
      .map((name) => readFileSync(join(base, job, name), 'utf8')),
  )
}

const planned = async () =>
  (await hosted.store.events('shop', '1.1.0')).filter(({ kind }) => kind === 'planned')

test('L4: provisional until feature freeze; later changes make a new revision that says what it voids and what let each in', async () => {
  await open('freeze: { approvers: [linus], dates: { 1.1.0: { feature: 2099-01-01 } } }\n')
  const first = await hosted.plan({ type: 'minor' })
  expect([first.status, first.outputs['state'], first.plan.state]).toEqual([0, 'provisional', 'provisional'])
  expect(first.summary).toMatch(
    /## Feature freeze\n\n\*\*Provisional\*\* until feature freeze, 2099-01-01 00:00 UTC/,
  )
  expect(await ticket()).toMatch(/- \*\*Provisional\*\* until feature freeze, 2099-01-01/)
  expect(calendars()[0]).toMatch(/STATUS:TENTATIVE/)
  const refused = await hosted.gate(first.outputs['digest'] ?? '')
  expect([refused.status, refused.outputs['reason-code']]).toEqual([1, 'plan-provisional'])

  const disguised = await hosted.plan({ type: 'security', version: '1.1.0', record: 'false' })
  expect(disguised.plan).toMatchObject({ type: 'security', version: '1.1.0', state: 'provisional' })

  const frozen = await hosted.plan({ type: 'minor', freeze: 'true' })
  expect([frozen.outputs['state'], frozen.plan.freeze]).toEqual([
    'frozen',
    expect.objectContaining({ source: 'frozen by ada', base: null, late: [], held: 0 }),
  ])
  expect(frozen.summary).toMatch(/- Different: state: provisional → frozen/)
  const digest = frozen.outputs['digest'] ?? ''
  const data = { role: 'engineering', environment: 'signoff-engineering', by: 'grace', comment: 'ok' }
  const event = {
    kind: 'signed-off' as const,
    key: 's',
    actor: 'grace',
    run: null,
    digest,
    token: null,
    data,
  }
  await hosted.store.append('shop', '1.1.0', [event])

  hosted.clone.commit('fix: rounding (#18)')
  hosted.clone.commit('feat: wish list | @all (#19)')
  hosted.push()
  const late = await hosted.plan({ type: 'minor' })
  expect(late.plan.freeze).toMatchObject({ base: { revision: 2, digest }, held: 1 })
  expect(late.summary).toMatch(
    /## Since revision 2\n[\s\S]*- After feature freeze: .*19 wish list .*\*\*let in by nothing\*\*/,
  )
  expect(late.summary).toMatch(/- After feature freeze: .*18 rounding, let in as fix/)
  expect(late.summary).toMatch(
    /\*\*Void\*\*: the sign-off of engineering \(grace\); it was for revision 2 only/,
  )
  expect(late.summary.replace(/\\./g, '')).not.toMatch(/@all/)
  const stopped = await hosted.gate(late.outputs['digest'] ?? '')
  expect([stopped.outputs['decision'], stopped.outputs['reason-code']]).toEqual(['no-go', 'late-change'])

  const found = (await hosted.hub.issues.all()).find(({ number }) => number === 19)
  if (!found?.pull) throw new Error('GitHub has no pull request 19')
  const commit = found.pull.commits.at(-1) ?? found.pull.mergeCommit ?? ''
  const review = { user: 'linus', state: 'APPROVED' as const, submittedAt: '2026-01-02T00:00:00Z', commit }
  const { id: _, ...rest } = found
  hosted.hub.issues.put({ ...rest, labels: ['freeze-exception'], pull: { ...found.pull, reviews: [review] } })
  const excepted = await hosted.plan({ type: 'minor' })
  expect(excepted.plan.freeze).toMatchObject({ base: { revision: 2 }, held: 0 })
  expect(excepted.summary).toMatch(/wish list .* \| exception: linus approved an exception \|/)
  expect(
    (await planned()).map(({ data }) => [data['state'], (data['freeze'] as { base: unknown }).base]),
  ).toEqual([
    ['provisional', null],
    ['frozen', null],
    ['frozen', expect.objectContaining({ revision: 2 })],
    ['frozen', expect.objectContaining({ revision: 2 })],
  ])
}, 120_000)

test('L4: a release without a freeze is frozen at once; on a timeline the freeze does not move on with each plan', async () => {
  await open('')
  const plain = await hosted.plan({ type: 'minor' })
  expect([plain.outputs['state'], plain.plan.freeze]).toEqual(['frozen', undefined])
  expect(plain.summary).not.toMatch(/Feature freeze/)
  hosted.clone.commit('feat: more', {
    '.github/relman.yml': 'service: shop\nmode: advise\nfreeze: { plans: timeline }\n',
  })
  hosted.push()
  const first = await hosted.plan({ type: 'minor' })
  const { feature } = first.plan.freeze
  expect([first.outputs['state'], feature]).toEqual([
    'provisional',
    first.plan.schedule.milestones.find(({ id }: { id: string }) => id === 'feature-freeze').at,
  ])
  const past = { feature: '2026-11-01T00:00:00Z', code: null, source: 'the timeline', base: null }
  const about = { revision: 2, sha: first.plan.sha, state: 'provisional', freeze: past }
  const event = { kind: 'planned' as const, key: 'earlier', actor: 'ada', run: null, token: null }
  const digest = 'e'.repeat(64)
  await hosted.store.append('shop', '1.1.0', [{ ...event, digest, data: about }])
  // Their dates are of January; the record knows that a plan of today did not have them.
  const late = hosted.clone.commit('feat: backdated')
  const second = await hosted.plan({ type: 'minor' })
  expect([second.outputs['state'], second.plan.freeze.feature]).toEqual(['frozen', past.feature])
  expect(
    second.plan.freeze.late.map(({ sha, entry }: { sha: string; entry: string }) => [sha, entry]),
  ).toEqual([
    [late, 'held'],
    [first.plan.sha, 'held'],
  ])
  // The same features by the name of a security release: the first plan of 1.0.1 waits for a feature freeze as well.
  const disguised = await hosted.plan({ type: 'security' })
  expect([disguised.plan.version, disguised.outputs['state'], disguised.plan.schedule]).toEqual([
    '1.0.1',
    'provisional',
    expect.objectContaining({ type: 'minor' }),
  ])
  expect(disguised.plan.gaps.join('\n')).toMatch(
    /this security release brings more than fixes \(.* and 2 more\): notice, freezes, holidays and feature freeze hold it like a minor one/,
  )
  expect(Date.parse(disguised.plan.embargo.until) - Date.parse(disguised.plan.schedule.window.end)).toBe(
    3_600_000,
  )
}, 120_000)

test('L4: what a merge without a pull request brings entered with the merge, however old its commits are', async () => {
  await open('freeze: { dates: { 1.1.0: { feature: 2026-01-01T00:05, code: 2026-01-01T00:06 } } }\n')
  const { clone } = hosted
  clone.git('switch', '-q', '-c', 'topic')
  const old = [clone.commit('feat: old'), clone.commit('fix: old')]
  clone.git('switch', '-q', 'main')
  clone.commit('fix: totals')
  const last = clone.commit('fix: rounding')
  clone.git('merge', '-q', '--no-ff', '-m', 'Merge branch topic', 'topic')
  const { plan } = await hosted.plan({ record: 'false' })
  const held = plan.freeze.late.filter(({ entry }: { entry: string }) => entry === 'held')
  expect(held.map(({ sha }: { sha: string }) => sha).sort()).toEqual([...old, last].sort())
}, 120_000)

test('L4, P22: features that are not complete cannot be frozen by hand, and nothing is recorded', async () => {
  await open('')
  hosted.hub.putMilestone({ number: 1, title: '1.1.0' })
  const at = '2026-01-02T00:00:00Z'
  hosted.hub.issues.put({
    ...{
      number: 20,
      title: 'wish list',
      body: null,
      user: 'ada',
      state: 'open',
      stateReason: null,
      labels: [],
    },
    ...{ assignees: ['ada'], createdAt: at, updatedAt: at, closedAt: null, closedBy: null, milestone: 1 },
  })
  const { status, result } = await hosted.plan({ type: 'minor', freeze: 'true' })
  expect([status, result.decision, result.reasonCode]).toEqual([1, 'refused', 'features-incomplete'])
  expect(result.message).toMatch(
    /the features cannot freeze: 1 of the milestone 1\.1\.0 .*#20: open, and no change/,
  )
  expect(await planned()).toEqual([])
}, 120_000)

test('L4: what was merged after the day is late also in the first frozen plan, and planning again makes it no earlier', async () => {
  await open('freeze: { dates: { 1.1.0: { feature: 2025-12-31 } } }\n')
  const first = await hosted.plan({ type: 'minor' })
  const second = await hosted.plan({ type: 'minor' })
  expect(
    [first, second].map(({ plan }) => [plan.state, plan.freeze.held, plan.freeze.base?.revision]),
  ).toEqual([
    ['frozen', 1, undefined],
    ['frozen', 1, 1],
  ])
  expect(second.summary).toMatch(/The gate will say no-go:\*\*[\s\S]*1 change entered after feature freeze/)
}, 120_000)
