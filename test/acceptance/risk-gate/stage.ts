import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '@relman/core/adapters/hash/sha256'
import { type Plan, plan as planSchema } from '@relman/core/plan/plan'
import { canonicalJson } from '@relman/core/record/canonical-json'
import { fold } from '@relman/core/record/fold'
import type { RehearsedGithub } from '../../../rehearsal/github/server.ts'
import { openAdapters } from '../../contract/github/open-adapters.ts'
import { openWorld, type World } from '../../rehearsal/github/world.ts'

const dist = process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../../dist')

export type Gated = {
  status: number
  outputs: Record<string, string>
  result: { decision: string; reasonCode: string; message: string; data: Record<string, unknown> }
  summary: string
  log: string
}

export type Stage = {
  world: World
  hub: RehearsedGithub
  sha: string
  runId: number
  store: ReturnType<typeof openAdapters>['store']
  /** Puts a plan into the record, as plan-release does, and gives its digest. */
  plan(change?: Partial<Plan>): Promise<string>
  /** Runs the bundled risk-gate as GitHub would. */
  gate(
    inputs: Record<string, string>,
    more?: { attempt?: number; actor?: string; runId?: number },
  ): Promise<Gated>
  /** Lets a person decide about the waiting job of an environment. */
  review(environment: string, user: string, state?: 'approved' | 'rejected', comment?: string): Promise<void>
  /** scope, every sign-off by the people given (role to login), production. */
  approve(digest: string, people: Record<string, string>, attempt?: number): Promise<Gated>
  release(version?: string): Promise<ReturnType<typeof fold>>
  close(): Promise<void>
}

const permissions = {
  contents: 'write',
  checks: 'read',
  statuses: 'read',
  actions: 'read',
  deployments: 'write',
} as const

/** A repository with green checks, two protected sign-off environments, and a run of the release workflow. */
export const openStage = async (more: Record<string, 'read' | 'write'> = {}): Promise<Stage> => {
  const world = await openWorld({ users: ['ada', 'grace', 'linus', 'barbara'] })
  const { hub } = world
  const sha = world.git('rev-parse', 'main')
  hub.putCheckRun(sha, { name: 'unit tests' })
  for (const name of ['signoff-engineering', 'signoff-operations'])
    protect(hub, name, ['grace', 'linus', 'ada'])
  const about = { workflow: '.github/workflows/release.yml', name: 'Release', event: 'workflow_dispatch' }
  const run = hub.createRun({ ...about, actor: 'barbara', headSha: sha, headBranch: 'main', inputs: {} })
  hub.updateRun(run.id, { status: 'in_progress' })
  const { store } = openAdapters(world, { contents: 'write' }, { runId: run.id })
  const folder = mkdtempSync(join(tmpdir(), 'relman-gate-'))

  const stage: Stage = {
    world,
    hub,
    sha,
    runId: run.id,
    store,
    plan: async (change = {}) => {
      const policy = { ...provable, ...change.policy }
      const text = canonicalJson(planSchema.parse({ ...draftPlan(sha), ...change, policy }))
      const digest = sha256(text)
      const { service, version } = JSON.parse(text) as Plan
      const about = {
        run: { id: run.id, attempt: 1, workflow: 'release', job: 'plan' },
        actor: 'barbara',
        token: null,
      }
      const draft = { ...about, kind: 'planned' as const, key: `planned:${digest}`, digest, data: {} }
      await store.append(service, version, [draft], { plan: { digest, text } })
      return digest
    },

    gate: async (inputs, { attempt = 1, actor = 'barbara', runId = run.id } = {}) => {
      const token = hub.mintToken({ actor, kind: 'job', permissions: { ...permissions, ...more }, runId })
      const output = join(folder, 'output')
      const summary = join(folder, 'summary')
      for (const file of [output, summary]) writeFileSync(file, '')
      const env = {
        PATH: process.env['PATH'],
        GITHUB_REPOSITORY: `${hub.owner}/${hub.repo}`,
        GITHUB_API_URL: hub.apiUrl,
        GITHUB_GRAPHQL_URL: hub.graphqlUrl,
        GITHUB_SERVER_URL: hub.serverUrl,
        GITHUB_ACTOR: actor,
        GITHUB_SHA: sha,
        GITHUB_RUN_ID: String(runId),
        GITHUB_RUN_ATTEMPT: String(attempt),
        GITHUB_WORKFLOW_REF: `${hub.owner}/${hub.repo}/.github/workflows/release.yml@refs/heads/main`,
        GITHUB_JOB: 'gate',
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        'INPUT_GITHUB-TOKEN': token,
        ...Object.fromEntries(
          Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
        ),
      }
      const { status, log } = await finished(env as Record<string, string>)
      const outputs = readOutputs(readFileSync(output, 'utf8'))
      return {
        status,
        log,
        outputs,
        result: JSON.parse(outputs['result'] ?? '{}'),
        summary: readFileSync(summary, 'utf8'),
      }
    },

    review: async (environment, user, state = 'approved', comment = '') => {
      const step = { attempt: 1, status: 'waiting', conclusion: null, environment } as const
      const job = hub.createJob({ ...step, steps: [], runId: run.id, name: `sign-off ${environment}` })
      hub.requestReview(run.id, job.id, environment)
      const id = hub.environment(environment)?.id
      await world.user(user).request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments', {
        ...world.repo,
        run_id: run.id,
        environment_ids: [id ?? 0],
        state,
        comment: comment || state,
      })
    },

    approve: async (digest, people, attempt = 1) => {
      const scope = await stage.gate({ stage: 'scope', digest }, { attempt })
      if (scope.status !== 0) return scope
      for (const [role, user] of Object.entries(people)) {
        await stage.review(`signoff-${role}`, user)
        await stage.gate({ stage: 'signoff', role, digest }, { attempt })
      }
      return stage.gate({ stage: 'production', digest }, { attempt })
    },

    release: async (version = '1.1.0') => fold(await store.events('shop', version)),

    close: async () => {
      rmSync(folder, { recursive: true, force: true })
      await world.close()
    },
  }
  return stage
}

export const protect = (hub: RehearsedGithub, name: string, reviewers: string[]): void => {
  const rest = {
    waitTimerMinutes: 0,
    secrets: {},
    variables: {},
    canAdminsBypass: true,
    preventSelfReview: true,
  }
  hub.putEnvironment({ ...rest, name, reviewers })
}

const finished = (env: Record<string, string>): Promise<{ status: number; log: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(dist, 'risk-gate', 'index.js')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let log = ''
    child.stdout.on('data', (chunk) => {
      log += chunk
    })
    child.stderr.on('data', (chunk) => {
      log += chunk
    })
    child.on('error', reject)
    child.on('close', (status) => resolve({ status: status ?? -1, log }))
  })

/** The heredoc form that @actions/core writes. */
const readOutputs = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/^([^\n<]+)<<(ghadelimiter_\S+)\n([\s\S]*?)\n\2$/gm)].map((found) => [
      found[1],
      found[3],
    ]),
  )

/** What a rollout needs at the least to end well. */
export const provable = {
  traffic: { driver: 'command', set: ['./set'], get: ['./get'] },
  metrics: { checks: [{ kind: 'ratio', name: 'errors', total: 't', events: 'e' }] },
}

/** As plan-release draws it, with one harmless change by a stranger. */
const draftPlan = (sha: string) => ({
  schema: 1,
  service: 'shop',
  repository: 'octo/shop',
  version: '1.1.0',
  tag: 'v1.1.0',
  sha,
  previous: { version: '1.0.0', tag: 'v1.0.0', sha },
  bump: 'minor',
  type: 'minor',
  revision: 1,
  state: 'frozen',
  plannedAt: '2026-11-20T10:00:00.000Z',
  author: 'barbara',
  environment: 'production',
  artifact: null,
  why: [],
  changes: [],
  gaps: [],
  risk: { level: 'medium', reasons: [], blast: 'all customers', reversibility: 'in a minute' },
  criteria: [],
  rollback: {
    steps: [{ text: 'move all traffic back', seconds: 5 }],
    executor: 'relman',
    triggers: ['unhealthy'],
    seconds: 60,
    database: 'none',
    state: 'none',
    previous: '1.0.0',
  },
  signoffs: [
    { role: 'engineering', environment: 'signoff-engineering' },
    { role: 'operations', environment: 'signoff-operations' },
  ],
  policy: {},
  policySource: null,
})

export const changeBy = (sha: string, author: string, people: string[] = []): Plan['changes'][number] => ({
  sha,
  subject: 'feat: more',
  kind: 'feat',
  area: null,
  title: 'more',
  breaking: false,
  breakingNote: null,
  author,
  people,
  date: '2026-11-19T10:00:00Z',
  pull: null,
  issues: [],
  labels: [],
  details: {},
  files: 1,
  lines: null,
  owners: [],
  components: [],
  level: 'medium',
  levelWhy: 'code',
  reverted: false,
  readable: true,
})
