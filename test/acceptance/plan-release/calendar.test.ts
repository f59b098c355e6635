import type { ChildProcess } from 'node:child_process'
import { afterEach, expect, test } from '@jest/globals'
import { systemClock } from '@relman/core/adapters/clock/system-clock'
import { openRecordStore } from '@relman/core/adapters/github/open-record-store'
import { sha256 } from '@relman/core/adapters/hash/sha256'
import { looked } from '@relman/core/calendar/kept-look'
import { claimed } from '@relman/core/calendar/start'
import { digestPlan } from '@relman/core/plan/digest-plan'
import type { Plan } from '@relman/core/plan/plan'
import type { EventDraft } from '@relman/core/record/event'
import { readRunContext } from '@relman/core/runtime/run-context'
import type { WorkflowDispatch } from '../../../rehearsal/github/hub.ts'
import type { GithubOptions } from '../../../rehearsal/github/server.ts'
import { openRegistry, type TestRegistry } from '../../contract/artifact/registry.ts'
import { type Hosted, openHosted } from './hub.ts'
import { callerOf, openPlayer } from './play.ts'

let hosted: Hosted
let registry: TestRegistry | undefined
let started: WorkflowDispatch[] = []
afterEach(async () => {
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
  await registry?.close()
  registry = undefined
  started = []
})

const callers = {
  '.github/workflows/calendar.yml': callerOf('workflows/calendar.md'),
  '.github/workflows/relman-plan.yml': callerOf('workflows/calendar.md', 1),
  '.github/workflows/relman-release.yml': callerOf('workflows/calendar.md', 2),
  '.github/workflows/relman-review.yml': callerOf('workflows/calendar.md', 3),
}
const all = '{ plan: relman-plan.yml, release: relman-release.yml, review: relman-review.yml }'

const open = async (policy = `calendar: ${all}`, options: Partial<GithubOptions> = {}): Promise<Plan> => {
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', { '.github/relman.yml': `service: shop\n${policy}\n`, ...callers })
    clone.tag('v1.0.0')
    clone.commit('feat: cart')
  }, options)
  const { hub } = hosted
  hub.on('dispatch', (dispatch) => {
    started.push(dispatch)
    hub.updateRun(dispatch.runId, { name: `x ${dispatch.inputs['calendar']}`, status: 'in_progress' })
  })
  return (await hosted.plan({ type: 'minor' })).plan
}

const hour = 3_600_000
const from = (hours: number) => new Date(Date.now() + hours * hour).toISOString()

/** The record as it was written so many hours ago. */
const storeAt = (hours: number) => {
  const { hub } = hosted
  const context = readRunContext({
    GITHUB_REPOSITORY: 'acme/checkout',
    GITHUB_API_URL: hub.apiUrl,
    GITHUB_GRAPHQL_URL: hub.graphqlUrl,
  })
  const token = hub.mintToken({ actor: 'ada', kind: 'job', permissions: { contents: 'write' } })
  const clock = { ...systemClock, now: () => Date.now() + hours * hour }
  return openRecordStore({ context, token, dryRun: false, clock })
}

const draft = (kind: EventDraft['kind'], digest: string, more: Partial<EventDraft> = {}): EventDraft => ({
  ...{ kind, key: `${kind}:${digest}`, actor: 'ada', run: null, digest, token: null, data: {} },
  ...more,
})

/** The plan in the record as its next revision, with another window and other dates. */
const plannedAs = async (
  plan: Plan,
  change: (plan: Plan) => Partial<Plan>,
  run: EventDraft['run'] = null,
): Promise<string> => {
  const drawn = { ...plan, ...change(plan) }
  const { text, digest } = digestPlan(drawn, sha256)
  const data = { revision: drawn.revision, sha: drawn.sha, state: drawn.state }
  await storeAt(0).append('shop', drawn.version, [draft('planned', digest, { data, run })], {
    plan: { digest, text },
  })
  return digest
}

const windowAt =
  (begin: number, end: number) =>
  (plan: Plan): Partial<Plan> => ({
    ...{ revision: plan.revision + Math.round((begin + 1_000) * 10), state: 'frozen' },
    schedule: plan.schedule && {
      ...plan.schedule,
      window: { start: from(begin), end: from(end) },
      milestones: plan.schedule.milestones.map((each) =>
        each.id === 'review' ? { ...each, at: from(end + 1) } : each,
      ),
      tasks: plan.schedule.tasks.map((task) => ({ ...task, due: from(begin - 1) })),
    },
  })
const frozenLater: (plan: Plan) => Partial<Plan> = (plan) => ({
  ...{ revision: 2, state: 'provisional' },
  freeze: { feature: from(-2), code: null, source: 'the timeline', base: null, late: [], held: 0 },
  schedule: plan.schedule,
})

const permissions = { contents: 'write', actions: 'write', issues: 'write' } as const
const pass = (inputs: Record<string, string> = {}, onChild?: Parameters<Hosted['plan']>[3]) =>
  hosted.plan({ calendar: 'true', ...inputs }, permissions, {}, onChild)
const ticket = async () => (await hosted.hub.issues.all()).find(({ title }) => title === 'Release shop 1.1.0')
const files = () => started.map(({ workflow }) => workflow.replace('.github/workflows/relman-', ''))
const codes = ({ status, result }: Awaited<ReturnType<typeof pass>>) => [
  status,
  result.decision,
  result.reasonCode,
]

const put = async (change: { labels?: string[]; body?: (body: string) => string }): Promise<void> => {
  const found = await ticket()
  if (!found) throw new Error('there is no ticket')
  const { id: _, ...rest } = found
  const body = change.body?.(found.body ?? '') ?? found.body
  hosted.hub.issues.put({ ...rest, ...(change.labels && { labels: change.labels }), body })
}

test('L5: frozen at feature freeze, released when the window opens, reviewed later: each once, in a run of its own', async () => {
  const plan = await open()
  await plannedAs(plan, frozenLater)
  const dry = await pass({ 'dry-run': 'true' })
  expect([codes(dry), started]).toEqual([[0, 'would-start', 'phase-due'], []])
  expect((await ticket())?.body).not.toMatch(/## Calendar/)
  const first = await pass()
  expect([codes(first), files()]).toEqual([[0, 'started', 'phase-due'], ['plan.yml']])
  expect(started[0]?.inputs).toEqual({ calendar: expect.stringMatching(/^[0-9a-f]{24}$/) })
  expect(first.summary).toMatch(
    /\| shop 1\.1\.0 \| testing \| .*planning of the frozen revision.*: \*\*started\*\*.* \| release-owner/,
  )
  expect((await ticket())?.body).toMatch(
    /## Calendar\n\n- Phase: testing;.*\n- Due: planning.*actions\/runs\/\d+/,
  )
  hosted.hub.updateRun(started[0]?.runId ?? 0, { status: 'completed', conclusion: 'failure' })
  const over = await pass()
  expect([over.result.message, files()]).toEqual([
    expect.stringMatching(/its run is over \(failure\)/),
    ['plan.yml'],
  ])

  const frozen = windowAt(-0.2, 5)(plan)
  await plannedAs(plan, () => frozen)
  await put({ labels: ['hold'] })
  const held = await pass()
  expect(held.result.message).toMatch(/held by people: its ticket has the label hold/)
  await put({ labels: ['release'], body: (body) => body.replace('- [ ] `docs`', '- [x] `docs`') })
  const both = await Promise.all([pass(), pass()])
  expect(both.map(({ status }) => status)).toEqual([0, 0])
  expect(files()).toEqual(['plan.yml', 'release.yml'])
  expect(started[1]?.inputs).toMatchObject({ ref: plan.sha, version: '1.1.0', type: 'minor' })
  // Its own run plans the same once more: the window is the same, and so is the start.
  await plannedAs(plan, () => ({ ...frozen, revision: 9 }))
  expect(codes(await pass())).toEqual([0, 'told', 'phase-due'])
  const body = (await ticket())?.body ?? ''
  expect(body).toMatch(
    /- \*\*Overdue\*\* since .* UTC: support: Brief support \(may be left out\) \(support\)/,
  )
  expect(body).not.toMatch(/\*\*Overdue\*\*.*: docs:/)
  expect(body.match(/^## Calendar$/gm)).toHaveLength(1)
  await pass()
  expect((await ticket())?.body).toBe(body)

  const live = await plannedAs(plan, windowAt(-30, -25))
  const kinds = ['approved', 'started', 'deployed', 'completed'] as const
  await storeAt(-28).append(
    'shop',
    '1.1.0',
    kinds.map((kind) => draft(kind, live)),
  )
  expect(codes(await pass())).toEqual([0, 'started', 'phase-due'])
  expect(files()).toEqual(['plan.yml', 'release.yml', 'review.yml'])
  expect(started[2]?.inputs).toMatchObject({ service: 'shop', version: '1.1.0' })
  await hosted.store.append('shop', '1.1.0', [draft('reviewed', live)])
  expect(codes(await pass())).toEqual([0, 'nothing', 'no-release-open'])
  expect(hosted.lines.filter((line) => /POST .*comments/.test(line))).toEqual([])
}, 180_000)

test('L5: killed between claim and start, a lost answer, a missing right: found, said, and started once', async () => {
  let doomed: ChildProcess | undefined
  const rule = (method: string, path: string, count: number): 'server-error' | 'lost-reply' | undefined => {
    if (method !== 'POST' || !path.includes('dispatches')) return undefined
    if (count === 1) doomed?.kill('SIGKILL')
    return count === 1 ? 'server-error' : count === 2 ? 'lost-reply' : undefined
  }
  const plan = await open(undefined, { faults: { rule } })
  await plannedAs(plan, windowAt(-0.2, 5))
  const killed = await pass({}, (child) => {
    doomed = child
  })
  const claims = async () =>
    (await hosted.store.events('shop', '1.1.0')).flatMap(({ kind, data }) =>
      kind === 'dispatched' ? [data['stage']] : [],
    )
  expect([killed.status, started, await claims()]).toEqual([-1, [], ['claimed']])
  const soon = await pass()
  expect([codes(soon), started, await claims()]).toEqual([[0, 'told', 'phase-due'], [], ['claimed']])
  expect(soon.result.message).toMatch(/waits, its start was claimed a moment ago/)

  const later = windowAt(-0.3, 5)(plan)
  const digest = await plannedAs(plan, () => later)
  const about = {
    act: 'release',
    subject: new Date(later.schedule?.window?.start ?? '').toISOString(),
  } as const
  await storeAt(-1).append('shop', '1.1.0', [
    draft('dispatched', digest, claimed(about, 1, 'relman-release.yml')),
  ])
  const lost = await pass()
  expect([codes(lost), files()]).toEqual([[1, 'told', 'start-failed'], ['release.yml']])
  const found = await pass()
  expect([found.result.message, files()]).toEqual([
    expect.stringMatching(/under-way, it was started/),
    ['release.yml'],
  ])
  expect(await claims()).toEqual(['claimed', 'claimed', 'claimed', 'started'])

  await plannedAs(plan, windowAt(-0.4, 5))
  const none = await hosted.plan({ calendar: 'true' }, { ...permissions, actions: 'read' })
  expect([none.status, none.result.message, files().length]).toEqual([
    1,
    expect.stringMatching(/actions: write/),
    1,
  ])
  expect([codes(await pass()), files().length]).toEqual([[0, 'started', 'phase-due'], 2])
}, 180_000)

test('L5: no workflow named, the mode advise, a freeze, a window that passed: told, and nothing is started', async () => {
  const plan = await open('mode: enforce')
  const policy = (text: string) => {
    hosted.clone.commit('chore: policy', { '.github/relman.yml': `service: shop\n${text}\n` })
    hosted.push()
  }
  await plannedAs(plan, windowAt(-0.2, 5))
  expect((await pass()).result.message).toMatch(/told, calendar\.release names no workflow/)
  policy(`mode: advise\ncalendar: ${all}`)
  expect((await pass()).result.message).toMatch(/in the mode advise nothing is started: relman-release\.yml/)
  policy(`calendar: ${all}\nschedule: { freezes: [{ name: '| @all', from: 2026-01-01, to: 2099-01-01 }] }`)
  const frozen = await pass()
  expect([codes(frozen), frozen.summary]).toEqual([
    [0, 'told', 'phase-due'],
    expect.stringMatching(/freeze .*until 2099/),
  ])
  expect(frozen.summary).not.toMatch(/@all/)
  policy(`calendar: { release: relman-releases.yml }`)
  const about = { workflow: '.github/workflows/release.yml', name: 'release', event: 'push', actor: 'ada' }
  const { id } = hosted.hub.createRun({ ...about, headSha: plan.sha, headBranch: 'main', inputs: {} })
  await plannedAs(plan, windowAt(-0.3, 5), { id, attempt: 1, workflow: 'release', job: 'plan' })
  expect((await pass()).result.message).toMatch(/under-way, the run that planned it still goes on/)
  hosted.hub.updateRun(id, { status: 'completed', conclusion: 'failure' })
  const absent = await pass()
  expect([absent.status, absent.result.message]).toEqual([
    1,
    expect.stringMatching(/no \.github\/workflows\/relman-releases\.yml/),
  ])
  policy(`calendar: ${all}`)
  await plannedAs(plan, windowAt(-5, -1))
  expect((await pass()).summary).toMatch(/\*\*Overdue\*\* since .*the window passed: plan it again/)
  expect(started).toEqual([])
  policy('calendar: { release: ../evil.yml }')
  const wrong = await pass()
  expect([wrong.status, wrong.result.message]).toEqual([
    1,
    expect.stringMatching(/relman\.yml:2:.*calendar\.release/),
  ])
}, 180_000)

test('P25: between plan and rollback the artifacts to return to are looked for once a day, and what is gone is told', async () => {
  registry = await openRegistry()
  const name = `${registry.host}/acme/shop`
  const plan = await open(`artifact: ${name}\nartifacts: { registry: { plain: ['${registry.host}'] } }`)
  const live = registry.image('acme/shop', '1.0.0', { revision: plan.previous?.sha ?? '', name: '1.0.0' })
  const text = JSON.stringify({ sha: plan.previous?.sha, artifact: { name, digest: live } })
  const shipped = { digest: sha256(text), text }
  const kinds = ['planned', 'approved', 'started', 'deployed', 'completed'] as const
  await hosted.store.append(
    'shop',
    '1.0.0',
    kinds.map((kind) => draft(kind, shipped.digest)),
    { plan: shipped },
  )
  const yesterday = storeAt(-24)
  const kept = [{ version: '1.0.0', reference: name, digest: live, state: 'there', why: '' }]
  await yesterday.append('shop', '1.1.0', [draft('looked', shipped.digest, looked(from(-24), kept))])
  registry.remove('acme/shop', live)
  const first = await pass()
  expect(first.summary).toMatch(
    /\*\*Way back\*\* 1\.0\.0 can no longer be deployed: .*is gone.*Push what has this digest again/,
  )
  expect((await ticket())?.body).toMatch(/- \*\*Way back\*\* 1\.0\.0 can no longer be deployed/)
  expect((await pass()).summary).toMatch(/\*\*Way back\*\*/)
  const looks = (await hosted.store.events('shop', '1.1.0')).filter(({ kind }) => kind === 'looked')
  expect(looks).toHaveLength(2)
}, 180_000)

test('L5, W1: the workflow calendar starts the caller of release.yml, whose run records the frozen revision and ends there', async () => {
  const plan = await open()
  await plannedAs(plan, frozenLater)
  const player = openPlayer(hosted)
  const { result } = await player.run({
    workflow: '.github/workflows/calendar.yml',
    event: 'schedule',
    actor: 'ada',
  })
  await player.runner.idle()
  await player.close()
  expect([result.errors, result.conclusion, files()]).toEqual([[], 'success', ['plan.yml']])
  const events = await hosted.store.events('shop', '1.1.0')
  expect(events.map(({ kind, data }) => [kind, data['state'] ?? data['stage']])).toEqual([
    ['planned', 'frozen'],
    ['planned', 'provisional'],
    ['dispatched', 'claimed'],
    ['dispatched', 'started'],
    ['planned', 'frozen'],
  ])
}, 180_000)
