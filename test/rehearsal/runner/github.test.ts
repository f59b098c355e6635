import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, jest, test } from '@jest/globals'
import { type RehearsedGithub, startGithub } from '../../../rehearsal/github/server.ts'
import type { RunnerEvent } from '../../../rehearsal/runner/events.ts'
import { type Runner, startRunner } from '../../../rehearsal/runner/start-runner.ts'

jest.setTimeout(30_000)

let root: string
let hub: RehearsedGithub
let runner: Runner
const events: RunnerEvent[] = []

afterEach(async () => {
  await runner.close()
  await hub.close()
  rmSync(root, { recursive: true, force: true, maxRetries: 3 })
})

async function open(workflows: Record<string, string>) {
  root = mkdtempSync(join(tmpdir(), 'runner-github-'))
  events.length = 0
  const clone = join(root, 'clone')
  mkdirSync(join(clone, '.github/workflows'), { recursive: true })
  for (const [name, content] of Object.entries(workflows))
    writeFileSync(join(clone, '.github/workflows', name), content)
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', clone, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args])
  git('init', '--quiet', '--initial-branch', 'main')
  git('add', '-A')
  git('commit', '--quiet', '-m', 'one')
  git('clone', '--quiet', '--bare', '.', '../shop.git')
  hub = await startGithub({
    gitDir: join(root, 'shop.git'),
    owner: 'acme',
    repo: 'shop',
    defaultBranch: 'main',
    users: ['ann', 'rita'],
  })
  runner = startRunner({
    hub,
    product: { root: clone, ref: 'org/relman', version: 'v1' },
    workDir: join(root, 'work'),
    scale: 0.001,
    delays: { interruptMs: 300, terminateMs: 200, streamMs: 200, cancelWindowMs: 3000 },
    nodePath: process.execPath,
    out: { onEvent: (event) => events.push(event) },
  })
}

async function until(test: (event: RunnerEvent) => boolean): Promise<RunnerEvent> {
  for (let tries = 0; tries < 500; tries++) {
    const found = events.find(test)
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('the event did not come')
}

async function api(token: string, method: string, path: string, body?: unknown) {
  const reply = await fetch(`${hub.apiUrl}/repos/acme/shop/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  return { status: reply.status, body: text === '' ? null : JSON.parse(text) }
}

const person = (actor: string) => hub.mintToken({ actor, kind: 'user', permissions: {} })
const call = (method: string, path: string, body = '{}') =>
  `node -e 'fetch("\${{ github.api_url }}/repos/\${{ github.repository }}/${path}", { method: "${method}", headers: { authorization: "Bearer \${{ github.token }}", "content-type": "application/json" }${method === 'GET' ? '' : `, body: JSON.stringify(${body})`} }).then((reply) => console.log("status=" + reply.status))'`

test('with the rehearsed GitHub: a person approves through its API, and a job’s token cannot', async () => {
  await open({
    'main.yml': `on: workflow_dispatch
permissions: { actions: write }
jobs:
  try:
    runs-on: x
    steps: [{ run: ${JSON.stringify(call('POST', `actions/runs/\${{ github.run_id }}/pending_deployments`, '{ environment_ids: [1], state: "approved", comment: "" }'))} }]
  deploy:
    needs: try
    if: always()
    runs-on: x
    environment: { name: signoff, deployment: false }
    steps: [{ run: 'true' }]
`,
  })
  const environment = hub.putEnvironment({
    ...{
      name: 'signoff',
      reviewers: ['rita'],
      preventSelfReview: true,
      waitTimerMinutes: 0,
      secrets: {},
      variables: {},
    },
    canAdminsBypass: false,
  })
  const run = runner.startRun({ workflow: 'main.yml', event: 'workflow_dispatch', actor: 'ann' })
  await until((event) => event.type === 'job-waiting')
  expect(events.filter((event) => event.type === 'log' && event.line.startsWith('status=403'))).toHaveLength(
    1,
  )
  const pending = await api(person('rita'), 'GET', `actions/runs/${run.id}/pending_deployments`)
  expect(pending.body.map((one: { environment: { name: string } }) => one.environment.name)).toEqual([
    'signoff',
  ])
  const review = { environment_ids: [environment.id], state: 'approved', comment: 'fine' }
  expect(
    (await api(person('ann'), 'POST', `actions/runs/${run.id}/pending_deployments`, review)).status,
  ).toBe(422)
  expect(
    (await api(person('rita'), 'POST', `actions/runs/${run.id}/pending_deployments`, review)).status,
  ).toBe(200)
  expect((await run).jobs.map((job) => [job.name, job.result])).toEqual([
    ['try', 'success'],
    ['deploy', 'success'],
  ])
  const approvals = await api(person('ann'), 'GET', `actions/runs/${run.id}/approvals`)
  expect(approvals.body).toMatchObject([{ state: 'approved', comment: 'fine', user: { login: 'rita' } }])
})

test('with the rehearsed GitHub: a dispatch by a job’s token starts a run, a cancel through the API ends it', async () => {
  await open({
    'main.yml': `on: workflow_dispatch
jobs:
  start:
    runs-on: x
    permissions: { actions: write }
    steps: [{ run: ${JSON.stringify(call('POST', 'actions/workflows/slow.yml/dispatches', '{ ref: "main", inputs: { why: "test" } }'))} }]
  none:
    runs-on: x
    permissions: {}
    steps: [{ run: ${JSON.stringify(call('POST', 'actions/workflows/slow.yml/dispatches', '{ ref: "main" }'))} }]
`,
    'slow.yml': `on: { workflow_dispatch: { inputs: { why: { type: string } } } }
jobs:
  slow:
    runs-on: x
    steps: [{ run: 'echo "why=\${{ inputs.why }}"; exec sleep 30' }]
`,
  })
  const first = await runner.startRun({ workflow: 'main.yml', event: 'workflow_dispatch', actor: 'ann' })
  expect(first.conclusion).toBe('success')
  expect(
    events
      .flatMap((event) => (event.type === 'log' && event.line.startsWith('status=') ? [event.line] : []))
      .sort(),
  ).toEqual(['status=204', 'status=403'])
  const begun = await until((event) => event.type === 'log' && event.line === 'why=test')
  expect((await api(person('ann'), 'POST', `actions/runs/${begun.runId}/cancel`)).status).toBe(202)
  expect((await runner.result(begun.runId))?.conclusion).toBe('cancelled')
  const seen = await api(person('ann'), 'GET', `actions/runs/${begun.runId}/jobs`)
  expect(
    seen.body.jobs.map((job: { name: string; conclusion: string }) => [job.name, job.conclusion]),
  ).toEqual([['slow', 'cancelled']])
  expect(hub.violations).toEqual([])
})
