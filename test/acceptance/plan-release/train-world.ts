import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '@relman/core/adapters/clock/system-clock'
import { openRecordStore } from '@relman/core/adapters/github/open-record-store'
import type { RecordStore } from '@relman/core/ports/record-store'
import type { EventDraft, RecordEvent } from '@relman/core/record/event'
import { readRunContext } from '@relman/core/runtime/run-context'
import type { WorkflowDispatch } from '../../../rehearsal/github/hub.ts'
import { type GithubOptions, type RehearsedGithub, startGithub } from '../../../rehearsal/github/server.ts'
import { type Clone, environmentOf, openClone, type Planned, readRun } from './clone.ts'

const dist = process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../../dist')

/** The callers of a team, as docs/manifest.md shows them; that the run carries the key in its name is all that matters. */
const caller = (input: string) => `name: ${input}
run-name: ${input} \${{ inputs.train }}
on:
  workflow_dispatch:
    inputs:
      train: { type: string }
      ${input}: { type: string }
jobs: {}
`

export type Ends = 'completes' | 'rolls back' | 'is refused' | 'hangs'

/** A team's repository, whose releases end as the test says. */
export type Team = {
  hub: RehearsedGithub
  store: RecordStore
  /** What was started here, in order: `release` or `rollback`. */
  started: string[]
  inputs: Record<string, string>[]
  release: Ends
  rollback: 'works' | 'fails'
  /** Brings a release that hangs to its end. */
  finish?: () => Promise<void>
}

export type TrainWorld = {
  hub: RehearsedGithub
  store: RecordStore
  teams: Map<string, Team>
  /** What was started anywhere, in order: `ledger release`. */
  started: string[]
  /** Commits the manifest to the default branch. */
  manifest(text: string): void
  pass(inputs?: Record<string, string>, onChild?: (child: ChildProcess) => void): Promise<Planned>
  /** A comment of a person on the ticket. */
  say(login: string, body: string): Promise<number>
  ticket(): Promise<{ number: number; body: string; state: string }>
  events(slug?: string): Promise<RecordEvent[]>
  close(): Promise<void>
}

export const slugDigest = async (world: TrainWorld): Promise<string> =>
  /relman confirm ([0-9a-f]{32,64}) /.exec((await world.ticket()).body)?.[1] ?? ''

type Wanted = {
  name: string
  writers: string[]
  version: string
  files?: Record<string, string>
} & Partial<GithubOptions>

/** A coordinating repository and those of the teams, on one GitHub, each with real git. */
export const openTrainWorld = async (
  wanted: readonly Wanted[],
  options: Partial<GithubOptions> = {},
): Promise<TrainWorld> => {
  const clones: Clone[] = []
  const users = ['ada', 'bo', 'cy', 'mallory']
  const started: string[] = []
  const work: Promise<unknown>[] = []
  const begin = async (name: string, files: Record<string, string>, more: Partial<GithubOptions>) => {
    const clone = openClone()
    clones.push(clone)
    clone.commit('feat: begin', files)
    const gitDir = join(clone.folder, '..', 'bare.git')
    clone.git('clone', '-q', '--bare', clone.folder, gitDir)
    const common = { owner: 'acme', repo: name, defaultBranch: 'main', users, rateLimit: 100_000 }
    return { clone, gitDir, hub: await startGithub({ gitDir, ...common, ...more }) }
  }
  const storeOf = (hub: RehearsedGithub) =>
    openRecordStore({
      context: readRunContext({
        GITHUB_REPOSITORY: `${hub.owner}/${hub.repo}`,
        GITHUB_API_URL: hub.apiUrl,
        GITHUB_GRAPHQL_URL: hub.graphqlUrl,
      }),
      token: hub.mintToken({ actor: 'ada', kind: 'job', permissions: { contents: 'write' } }),
      dryRun: false,
      clock: systemClock,
    })
  const teams = new Map<string, Team>()
  for (const { name, writers, version, files, ...more } of wanted) {
    const callers = {
      '.github/workflows/release.yml': caller('version'),
      '.github/workflows/rollback.yml': caller('reason'),
    }
    const { hub } = await begin(name, { ...callers, ...files }, { writers, ...more })
    const team: Team = {
      hub,
      store: storeOf(hub),
      started: [],
      inputs: [],
      release: 'completes',
      rollback: 'works',
    }
    teams.set(name, team)
    hub.on('dispatch', (dispatch) => {
      const operation = dispatch.workflow.endsWith('rollback.yml') ? 'rollback' : 'release'
      team.started.push(operation)
      team.inputs.push(dispatch.inputs)
      started.push(`${name} ${operation}`)
      hub.updateRun(dispatch.runId, {
        name: `${operation} ${dispatch.inputs['train']}`,
        status: 'in_progress',
      })
      work.push(play(team, name, version, operation, dispatch))
    })
    hub.on('cancel', (id) => hub.updateRun(id, { status: 'completed', conclusion: 'cancelled' }))
  }
  const beside = [...teams.values()].map(({ hub }) => hub)
  const { clone, gitDir, hub } = await begin('train', {}, { writers: ['ada'], beside, ...options })
  const app = hub.mintToken({
    actor: 'relman-train',
    app: 'relman-train',
    kind: 'job',
    permissions: { actions: 'write', contents: 'read' },
    repositories: wanted.map(({ name }) => `acme/${name}`),
  })
  const ticket = async () => {
    const issues = (await hub.issues.all()).filter(({ pull }) => !pull)
    const [only, ...others] = issues
    if (!only || others.length > 0) throw new Error(`there are ${issues.length} tickets`)
    return { number: only.number, body: only.body ?? '', state: only.state }
  }
  return {
    hub,
    store: storeOf(hub),
    teams,
    started,
    manifest: (text) => {
      clone.commit('chore: the manifest', { 'release-manifest.yml': text })
      clone.git('push', '-q', '--force', gitDir, 'main')
    },
    pass: async (inputs = {}, onChild) => {
      const temp = mkdtempSync(join(clone.folder, '..', 'job-'))
      const headSha = clone.git('rev-parse', 'HEAD')
      const about = {
        workflow: '.github/workflows/train.yml',
        name: 'train',
        event: 'schedule',
        actor: 'ada',
      }
      const run = hub.createRun({ ...about, headSha, headBranch: 'main', inputs: {} })
      const token = hub.mintToken({
        actor: 'ada',
        kind: 'job',
        permissions: { contents: 'write', issues: 'write' },
      })
      const given = { 'github-token': token, 'train-token': app, train: 'release-manifest.yml', ...inputs }
      const env = {
        GITHUB_REPOSITORY: 'acme/train',
        GITHUB_SHA: headSha,
        GITHUB_RUN_ID: String(run.id),
        GITHUB_RUN_ATTEMPT: '1',
        GITHUB_API_URL: hub.apiUrl,
        GITHUB_GRAPHQL_URL: hub.graphqlUrl,
        GITHUB_SERVER_URL: hub.serverUrl,
      }
      const child = spawn(process.execPath, [join(dist, 'plan-release', 'index.js')], {
        cwd: temp,
        env: environmentOf({ folder: clone.folder, temp, inputs: given, env }),
      })
      onChild?.(child)
      let log = ''
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding('utf8').on('data', (chunk: string) => {
          log += chunk
        })
      const status = await new Promise<number>((done) => child.once('close', (code) => done(code ?? -1)))
      await Promise.all(work)
      return { status, log, ...readRun(temp) }
    },
    say: async (login, body) => {
      const { number } = await ticket()
      const token = hub.mintToken({ actor: login, kind: 'user', permissions: {} })
      const reply = await fetch(`${hub.apiUrl}/repos/acme/train/issues/${number}/comments`, {
        method: 'POST',
        headers: { authorization: `token ${token}` },
        body: JSON.stringify({ body }),
      })
      return ((await reply.json()) as { id: number }).id
    },
    ticket,
    events: (slug = 'autumn') => storeOf(hub).events('release+train', slug),
    close: async () => {
      await Promise.all([hub, ...beside].map((each) => each.close()))
      for (const each of clones) each.close()
    },
  }
}

/** What the record of a team's repository holds when its release or rollback is over. */
const play = async (
  team: Team,
  service: string,
  version: string,
  operation: string,
  dispatch: WorkflowDispatch,
): Promise<void> => {
  const { runId } = dispatch
  const digest = 'd'.repeat(64)
  const draft = (kind: EventDraft['kind'], data: EventDraft['data'] = {}): EventDraft => ({
    kind,
    key: `${kind}:${runId}`,
    actor: 'ada',
    run: { id: runId, attempt: 1, workflow: operation, job: 'x' },
    digest,
    token: null,
    data,
  })
  const over = (conclusion: 'success' | 'failure') =>
    team.hub.updateRun(runId, { status: 'completed', conclusion })
  const append = (kinds: EventDraft[], change = {}) => team.store.append(service, version, kinds, { change })
  if (operation === 'rollback') {
    if (team.rollback === 'fails') return over('failure')
    await append([draft('rolled-back')], { block: { version, reason: 'the train is undone' } })
    return over('success')
  }
  if (team.release === 'hangs') {
    team.finish = () => play({ ...team, release: 'completes' }, service, version, operation, dispatch)
    return
  }
  if (team.release === 'is refused') {
    await append([draft('planned'), draft('gated', { stage: 'scope', decision: 'no-go' }), draft('rejected')])
    return over('failure')
  }
  await append([draft('planned'), draft('approved'), draft('started')])
  if (team.release === 'completes') {
    const live = { version, sha: 'a'.repeat(40), digest }
    await append([draft('deployed'), draft('completed')], { live })
    return over('success')
  }
  await append([draft('deployment-failed', { error: 'errors' }), draft('rolled-back')])
  return over('failure')
}
