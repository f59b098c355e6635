import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '@relman/core/adapters/clock/system-clock'
import { openRecordStore } from '@relman/core/adapters/github/open-record-store'
import type { RecordStore } from '@relman/core/ports/record-store'
import { readRunContext } from '@relman/core/runtime/run-context'
import type { Permission } from '../../../rehearsal/github/hub.ts'
import { type GithubOptions, type RehearsedGithub, startGithub } from '../../../rehearsal/github/server.ts'
import { type Clone, environmentOf, openClone, type Planned, readRun } from './clone.ts'

const dist = process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../../dist')

export type Hosted = {
  clone: Clone
  hub: RehearsedGithub
  /** What GitHub was asked, one line a request. */
  lines: string[]
  store: RecordStore
  /** Brings the branches and tags of the clone to GitHub. */
  push(): void
  /** Sets the labels, or another title, of a pull request that the history names. */
  pull(number: number, more: { labels?: string[]; title?: string }): Promise<void>
  plan(
    inputs?: Record<string, string>,
    permissions?: Record<string, Permission>,
    env?: Record<string, string>,
    onChild?: (child: ChildProcess) => void,
  ): Promise<Planned>
  gate(digest: string): Promise<Planned>
  /** Another action, as the release workflow runs it. */
  run(action: string, inputs: Record<string, string>, env?: Record<string, string>): Promise<Planned>
  close(): Promise<void>
}

const all = {
  contents: 'write',
  'pull-requests': 'read',
  issues: 'write',
  deployments: 'write',
  actions: 'read',
  checks: 'read',
  statuses: 'read',
} as const

/** A clone whose remote is a GitHub on loopback, and the bundled actions run on both with a job's token. */
export const openHosted = async (
  begin: (clone: Clone) => void,
  options: Partial<GithubOptions> = {},
): Promise<Hosted> => {
  const clone = openClone()
  begin(clone)
  const gitDir = join(clone.folder, '..', 'bare.git')
  clone.git('clone', '-q', '--bare', clone.folder, gitDir)
  const lines: string[] = []
  const hub = await startGithub({
    gitDir,
    owner: 'acme',
    repo: 'checkout',
    defaultBranch: 'main',
    users: ['ada', 'grace'],
    rateLimit: 100_000,
    log: (line) => lines.push(line),
    ...options,
  })
  const runs: number[] = []
  const environment = () => {
    const headSha = clone.git('rev-parse', 'HEAD')
    const about = { workflow: '.github/workflows/release.yml', name: 'release', event: 'push', actor: 'ada' }
    const run = hub.createRun({ ...about, headSha, headBranch: 'main', inputs: {} })
    hub.updateRun(run.id, { status: 'in_progress' })
    runs.push(run.id)
    return {
      GITHUB_REPOSITORY: 'acme/checkout',
      GITHUB_ACTOR: 'ada',
      GITHUB_SHA: headSha,
      GITHUB_RUN_ID: String(run.id),
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_API_URL: hub.apiUrl,
      GITHUB_GRAPHQL_URL: hub.graphqlUrl,
      GITHUB_SERVER_URL: hub.serverUrl,
    }
  }
  const context = readRunContext(environment())
  const token = (permissions: Record<string, Permission>) =>
    hub.mintToken({ actor: 'ada', kind: 'job', permissions })
  const run = (
    action: string,
    inputs: Record<string, string>,
    permissions: Record<string, Permission>,
    env: Record<string, string> = {},
    onChild: (child: ChildProcess) => void = () => {},
  ) => {
    const temp = mkdtempSync(join(clone.folder, '..', 'job-'))
    const given = { 'github-token': token(permissions), ...inputs }
    const child = spawn(process.execPath, [join(dist, action, 'index.js')], {
      cwd: temp,
      env: environmentOf({ folder: clone.folder, temp, inputs: given, env: { ...environment(), ...env } }),
    })
    onChild(child)
    let log = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        log += chunk
      })
    return new Promise<Planned>((done) => {
      child.once('close', (status) => done({ status: status ?? -1, log, ...readRun(temp) }))
    })
  }
  return {
    clone,
    hub,
    lines,
    store: openRecordStore({ context, token: token(all), dryRun: false, clock: systemClock }),
    push: () => void clone.git('push', '-q', '--force', '--tags', gitDir, 'refs/heads/*:refs/heads/*'),
    pull: async (number, more) => {
      const found = (await hub.issues.all()).find((issue) => issue.number === number)
      if (!found) throw new Error(`GitHub has no pull request ${number}`)
      const { id: _, ...rest } = found
      hub.issues.put({ ...rest, ...more })
    },
    plan: (inputs = {}, permissions = all, env = {}, onChild) =>
      run('plan-release', inputs, permissions, env, onChild),
    run: (action, inputs, env) => run(action, inputs, all, env),
    gate: (digest) => run('risk-gate', { stage: 'scope', digest }, all),
    close: async () => {
      await hub.close()
      clone.close()
    },
  }
}
