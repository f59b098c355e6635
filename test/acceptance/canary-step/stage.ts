/** A rehearsed GitHub with a plan and a lease in its record, a service, and the bundled actions run as processes. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@relman/core/adapters/clock/system-clock'
import { openRecordStore } from '@relman/core/adapters/github/open-record-store'
import { sha256 } from '@relman/core/adapters/hash/sha256'
import { config } from '@relman/core/config/config'
import type { Plan } from '@relman/core/plan/plan'
import { canonicalJson } from '@relman/core/record/canonical-json'
import { type GithubOptions, type RehearsedGithub, startGithub } from '../../../rehearsal/github/server.ts'
import { type DemoService, openService } from './service.ts'

export type Result = {
  status: number | null
  outputs: Record<string, string>
  summary: string
  log: string
  seconds: number
}

export type Running = { child: ChildProcess; done: Promise<Result>; log(): string }

export type Stage = {
  hub: RehearsedGithub
  service: DemoService
  plan: Plan
  digest: string
  deployment: number
  token: number
  record: ReturnType<typeof openRecordStore>
  start(action: string, inputs?: Record<string, string>, env?: Record<string, string>): Running
  run(action: string, inputs?: Record<string, string>, env?: Record<string, string>): Promise<Result>
  statuses(): string[]
  until(what: () => boolean, milliseconds?: number): Promise<void>
  close(): Promise<void>
}

const dist = process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../../dist')
const versions = { canary: '1.2.0', stable: '1.1.0' }
const people = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
}

/** Margins and times of a test, not of production. */
const rollout = {
  steps: [
    { weight: 10, margin: '3 %', min: 1, max: 12 },
    { weight: 50, margin: '2 %', min: 1, max: 12 },
  ],
  look: 0.5,
  drain: 0.5,
  warmup: 0,
  history: 60,
}

export type StageOptions = {
  policy?: Record<string, unknown>
  rollout?: Record<string, unknown>
  github?: Partial<GithubOptions>
  /** Requests a second. */
  rate?: number
  plan?: Partial<Plan>
  /** Over the usual way to read metrics. */
  metrics?: Record<string, unknown>
}

export const openStage = async (options: StageOptions = {}): Promise<Stage> => {
  const folder = mkdtempSync(join(tmpdir(), 'relman-stage-'))
  const gitDir = join(folder, 'bare.git')
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, env: { ...process.env, ...people } })
      .toString()
      .trim()
  git('init', '-q', '-b', 'main', 'work')
  writeFileSync(join(folder, 'work/README.md'), 'shop\n')
  git('-C', 'work', 'add', '-A')
  git('-C', 'work', 'commit', '-q', '-m', 'feat: begin')
  git('clone', '-q', '--bare', 'work', gitDir)
  const sha = git('-C', 'work', 'rev-parse', 'HEAD')
  const hub = await startGithub({
    gitDir,
    owner: 'octo',
    repo: 'shop',
    defaultBranch: 'main',
    users: ['ada'],
    rateLimit: 100_000,
    ...options.github,
  })
  const service = await openService(versions, options.rate)
  const host = new URL(service.url).host
  const policy = config.parse({
    service: 'shop',
    rollout: { ...rollout, ...options.rollout },
    traffic: { driver: 'http', url: `${service.url}/weight`, timeout: 2 },
    metrics: {
      prometheus: { url: service.url, timeout: 5 },
      allow: [host],
      checks: [{ kind: 'ratio', name: 'errors', total: 'requests_total', events: 'errors_total' }],
      ...options.metrics,
    },
    ...options.policy,
  })
  const plan = { ...makePlan(sha, policy), ...options.plan }
  const text = canonicalJson(plan)
  const digest = sha256(text)
  const grant = { contents: 'write', deployments: 'write', actions: 'read', issues: 'write' } as const
  const walker = hub.mintToken({
    actor: 'ada',
    kind: 'job',
    permissions: { contents: 'read', deployments: 'write', actions: 'read' },
  })
  const context = {
    apiUrl: hub.apiUrl,
    graphqlUrl: hub.graphqlUrl,
    repository: { owner: 'octo', name: 'shop' },
  }
  const writer = {
    context,
    token: hub.mintToken({ actor: 'ada', kind: 'job', permissions: grant }),
    dryRun: false,
    clock: systemClock,
  }
  const record = openRecordStore(writer)
  const workflowRun = hub.createRun({
    workflow: '.github/workflows/release.yml',
    name: 'release',
    event: 'push',
    actor: 'ada',
    headSha: sha,
    headBranch: 'main',
    inputs: {},
  })
  hub.updateRun(workflowRun.id, { status: 'in_progress' })
  const run = { id: workflowRun.id, attempt: 1, workflow: 'release', job: 'lock' }
  const draft = { actor: 'ada', run, digest, data: {} }
  const deployment = await createDeployment(hub, grant, sha)
  await record.append(
    'shop',
    plan.version,
    [{ ...draft, kind: 'planned', key: `planned-${digest}`, token: null }],
    { plan: { digest, text } },
  )
  const { service: leased } = await record.append('shop', plan.version, [], {
    change: { take: { release: plan.version, digest, run, seconds: 3600 }, deployment },
  })
  const token = leased.lease?.token ?? 0
  const defaults = { digest, deployment: String(deployment), token: String(token), 'github-token': walker }

  const start: Stage['start'] = (action, inputs = {}, env = {}) => {
    const files = mkdtempSync(join(folder, 'run-'))
    const began = Date.now()
    for (const name of ['output', 'summary']) writeFileSync(join(files, name), '')
    const given = Object.entries({ ...defaults, ...inputs }).map(([name, value]) => [
      `INPUT_${name.toUpperCase()}`,
      value,
    ])
    const child = spawn(process.execPath, [join(dist, action, 'index.js')], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        ...Object.fromEntries(given),
        GITHUB_REPOSITORY: 'octo/shop',
        GITHUB_SHA: sha,
        GITHUB_ACTOR: 'ada',
        GITHUB_RUN_ID: String(workflowRun.id),
        GITHUB_RUN_ATTEMPT: '1',
        GITHUB_WORKSPACE: folder,
        GITHUB_API_URL: hub.apiUrl,
        GITHUB_GRAPHQL_URL: hub.graphqlUrl,
        GITHUB_SERVER_URL: hub.serverUrl,
        GITHUB_OUTPUT: join(files, 'output'),
        GITHUB_STEP_SUMMARY: join(files, 'summary'),
        RUNNER_TEMP: files,
        ...env,
      },
    })
    let log = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        log += chunk
      })
    const done = new Promise<Result>((resolve) => {
      child.once('close', (status) => {
        const outputs = readOutputs(readFileSync(join(files, 'output'), 'utf8'))
        const summary = readFileSync(join(files, 'summary'), 'utf8')
        resolve({ status, outputs, summary, log, seconds: (Date.now() - began) / 1000 })
      })
    })
    return { child, done, log: () => log }
  }
  return {
    hub,
    service,
    plan,
    digest,
    deployment,
    token,
    record,
    start,
    run: (...parameters) => start(...parameters).done,
    statuses: () =>
      hub
        .reported()
        .filter((status) => status.deployment === deployment)
        .map(({ description }) => description),
    until: async (what, milliseconds = 20_000) => {
      for (const end = Date.now() + milliseconds; !what(); ) {
        if (Date.now() > end) throw new Error(`did not come true within ${milliseconds} ms: ${what}`)
        await new Promise((next) => setTimeout(next, 20))
      }
    },
    close: async () => {
      await service.close()
      await hub.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const createDeployment = async (
  hub: RehearsedGithub,
  grant: Record<string, 'read' | 'write'>,
  sha: string,
): Promise<number> => {
  const token = hub.mintToken({ actor: 'ada', kind: 'job', permissions: grant })
  const reply = await fetch(`${hub.apiUrl}/repos/octo/shop/deployments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      ref: sha,
      environment: 'production',
      auto_merge: false,
      required_contexts: [],
      payload: { marker: 'x' },
    }),
  })
  return ((await reply.json()) as { id: number }).id
}

/** The runner's file format: `name<<delimiter`, lines, `delimiter`. */
const readOutputs = (text: string): Record<string, string> => {
  const outputs: Record<string, string> = {}
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const [, name, delimiter] = /^([^<]+)<<(.+)$/.exec(lines[at] ?? '') ?? []
    if (!name || !delimiter) continue
    const end = lines.indexOf(delimiter, at + 1)
    outputs[name] = lines.slice(at + 1, end).join('\n')
    at = end
  }
  return outputs
}

const makePlan = (sha: string, policy: Plan['policy']): Plan => ({
  schema: 1,
  service: 'shop',
  repository: 'octo/shop',
  version: versions.canary,
  tag: `v${versions.canary}`,
  sha,
  previous: { version: versions.stable, tag: `v${versions.stable}`, sha },
  bump: 'minor',
  type: 'minor',
  revision: 1,
  state: 'frozen',
  plannedAt: '2026-01-01T00:00:00.000Z',
  author: 'ada',
  environment: 'production',
  artifact: null,
  artifacts: null,
  why: [],
  changes: [],
  gaps: [],
  risk: { level: 'low', reasons: [], blast: 'shop', reversibility: 'by traffic' },
  criteria: [],
  rollback: {
    steps: [{ text: 'traffic', seconds: 10 }],
    executor: 'relman',
    triggers: ['unhealthy'],
    seconds: 10,
    database: 'none',
    state: 'none',
    previous: versions.stable,
  },
  signoffs: [],
  policy,
  policySource: null,
  migrations: [],
  maintenance: false,
  unlisted: { changes: 0, people: [] },
  schedule: null,
  bake: null,
  split: null,
  migrationRisk: null,
  score: null,
  lessons: [],
  moved: null,
  embargo: null,
  proposed: [],
  asked: [],
})
