import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '@relman/core/adapters/clock/system-clock'
import { openGitHub } from '@relman/core/adapters/github/open-github'
import { openRecordStore } from '@relman/core/adapters/github/open-record-store'
import type { GitHub } from '@relman/core/ports/github'
import type { RecordStore } from '@relman/core/ports/record-store'
import type { EventKind, RecordEvent } from '@relman/core/record/event'
import { readRunContext } from '@relman/core/runtime/run-context'
import { type GithubOptions, type RehearsedGithub, startGithub } from '../../../rehearsal/github/server.ts'
import { type Clone, environmentOf, openClone, type Planned, readRun } from '../plan-release/clone.ts'

const dist = process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../../dist')

const policy = `
service: shop
traffic: { driver: http, url: 'http://127.0.0.1:9/weight', timeout: 2s }
metrics:
  prometheus: { url: 'http://127.0.0.1:9' }
  checks: [{ kind: ratio, name: errors, total: requests_total, events: errors_total }]
rollout:
  steps:
    - { weight: 10, margin: 3 %, min: 1, max: 12 }
    - { weight: 50, margin: 2 %, min: 1, max: 12 }
  look: 0.5
  drain: 0.5
`

export type Release = {
  hub: RehearsedGithub
  clone: Clone
  github: GitHub
  store: RecordStore
  version: string
  digest: string
  deployment: number
  token: number
  run(
    action: string,
    inputs?: Record<string, string>,
    running?: (child: ChildProcess) => void,
  ): Promise<Planned>
  /** Ends what runs, as a machine that is lost. */
  kill(): void
  /** Reports lines as the walk would: `<word> <step> <weight> [<seconds since the start>] [<reason>]`. */
  report(...lines: string[]): Promise<void>
  /** Reports one line exactly as it is. */
  raw(line: string): Promise<void>
  kinds(): Promise<EventKind[]>
  event(kind: EventKind): Promise<RecordEvent | undefined>
  evidence(...visits: [step: number, weight: number, verdict: string | null, reason: string | null][]): string
  close(): Promise<void>
}

const permissions = {
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  actions: 'read',
  'pull-requests': 'read',
} as const

/** A release of a real repository, planned by the bundle, approved and started: what a rollout finds. */
export const openRelease = async (
  options: {
    github?: Partial<GithubOptions>
    started?: boolean
    policy?: string
    /** Inputs of plan-release. */
    inputs?: Record<string, string>
  } = {},
): Promise<Release> => {
  const clone = openClone()
  clone.commit('feat: begin', { '.github/relman.yml': options.policy ?? policy })
  clone.tag('v1.1.0')
  clone.commit('feat(cart): remember it (#2)')
  clone.commit('fix: a\n\nWorkaround: reload')
  const gitDir = join(clone.folder, '..', 'bare.git')
  clone.git('clone', '-q', '--bare', clone.folder, gitDir)
  const hub = await startGithub({
    gitDir,
    owner: 'acme',
    repo: 'checkout',
    defaultBranch: 'main',
    users: ['ada'],
    rateLimit: 100_000,
    ...options.github,
  })
  const sha = clone.git('rev-parse', 'HEAD')
  const run = hub.createRun({
    workflow: '.github/workflows/release.yml',
    name: 'release',
    event: 'push',
    actor: 'ada',
    headSha: sha,
    headBranch: 'main',
    inputs: {},
  })
  hub.updateRun(run.id, { status: 'in_progress' })
  const key = hub.mintToken({ actor: 'ada', kind: 'job', permissions })
  const env = {
    GITHUB_REPOSITORY: 'acme/checkout',
    GITHUB_ACTOR: 'ada',
    GITHUB_SHA: sha,
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_API_URL: hub.apiUrl,
    GITHUB_GRAPHQL_URL: hub.graphqlUrl,
    GITHUB_SERVER_URL: hub.serverUrl,
  }
  const context = readRunContext(env)
  const adapters = { context, token: key, dryRun: false, clock: systemClock }
  const github = openGitHub(adapters)
  const store = openRecordStore(adapters)
  const known = { version: '', digest: '', deployment: 0, token: 0 }

  let last: ReturnType<typeof spawn> | undefined
  const start: Release['run'] = (action, inputs = {}, running = () => {}) => {
    const temp = mkdtempSync(join(clone.folder, '..', 'job-'))
    const all = {
      digest: known.digest,
      deployment: String(known.deployment),
      token: String(known.token),
      'github-token': key,
      ...inputs,
    }
    const child = spawn(process.execPath, [join(dist, action, 'index.js')], {
      cwd: temp,
      env: environmentOf({ folder: clone.folder, temp, inputs: all, env }),
    })
    last = child
    running(child)
    let log = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        log += chunk
      })
    }
    return new Promise((done) => {
      child.once('close', (status) => done({ status: status ?? -1, log, ...readRun(temp) }))
    })
  }

  const planned = await start('plan-release', options.inputs)
  if (planned.status !== 0) throw new Error(planned.log)
  known.version = planned.outputs['version'] ?? ''
  known.digest = planned.outputs['digest'] ?? ''
  const draft = { actor: 'ada', run: context.run, digest: known.digest, token: null, data: {} }
  if (options.started !== false) {
    await store.append('shop', known.version, [{ ...draft, kind: 'approved', key: 'approved' }])
    const request = { release: known.version, digest: known.digest, run: context.run, seconds: 3600 }
    const { service } = await store.append('shop', known.version, [], { change: { take: request } })
    known.token = service.lease?.token ?? 0
    known.deployment = await github.deployments.ensure({
      sha,
      environment: 'production',
      marker: 'm',
      payload: { digest: known.digest },
      description: 'shop',
    })
    const started = {
      ...draft,
      kind: 'started' as const,
      key: 'started',
      token: known.token,
      data: { deployment: known.deployment },
    }
    await store.append('shop', known.version, [started], { change: { deployment: known.deployment } })
  }
  const begun = Math.floor(Date.now() / 1000) - 60
  let seq = 0
  const raw = (line: string) => github.deployments.report(known.deployment, 'in_progress', line)
  return {
    hub,
    clone,
    github,
    store,
    ...known,
    run: start,
    kill: () => void last?.kill('SIGKILL'),
    raw,
    report: async (...lines) => {
      for (const line of lines) {
        const [word, step, weight, after, reason] = line.split(' ')
        seq += 1
        await raw(
          [
            seq,
            step,
            weight,
            word,
            known.digest.slice(0, 8),
            begun + Number(after ?? seq),
            ...(reason ? [reason] : []),
          ].join(' '),
        )
      }
    },
    kinds: async () => (await store.events('shop', known.version)).map(({ kind }) => kind),
    event: async (kind) =>
      (await store.events('shop', known.version)).findLast((event) => event.kind === kind),
    evidence: (...visits) =>
      JSON.stringify({
        schema: 1,
        digest: known.digest,
        deployment: known.deployment,
        verdict: null,
        down: null,
        visits: visits.map(([step, weight, verdict, reason]) => ({ step, weight, verdict, reason })),
      }),
    close: async () => {
      await hub.close()
      clone.close()
    },
  }
}
