import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Hub, Run } from '../github/hub.ts'
import { createAbort } from './abort.ts'
import { attest } from './builtin/attest.ts'
import { checkout } from './builtin/checkout.ts'
import { type Delays, delaysOf } from './delays.ts'
import type { NewRunnerEvent, RunnerEvent } from './events.ts'
import { gitSync } from './git.ts'
import type { Builtin } from './job/builtin.ts'
import type { Guard } from './process/guard.ts'
import { createApprovals } from './schedule/approval.ts'
import { createConcurrency } from './schedule/concurrency.ts'
import { githubContext, type Trigger } from './schedule/contexts.ts'
import { cancelRun, executeRun, type RunResult } from './schedule/run.ts'
import type { Platform, RunState } from './schedule/run-state.ts'
import { triggeredWorkflows } from './schedule/triggers.ts'
import { type Permissions, restrictedDefault } from './workflow/permissions.ts'
import { gitSource, type Product, productSource, type Sources } from './workflow/source.ts'

export type RunnerOptions = {
  hub: Hub
  /** Where `org/name/…@version` of callers leads; its own files refer to each other by `$/`. */
  product: Product
  workDir: string
  /** Factor on the platform's delays (heartbeat, cancel window, approvals, wait timers); 1 is GitHub. */
  scale: number
  delays?: Partial<Delays>
  /** In the place of external actions, by `owner/name[/path]`; checkout and attest are there unless replaced. */
  builtins?: Record<string, Builtin>
  /** Node for `using: node20` and `node24`. */
  nodePath: string
  /** More variables for every process. */
  environment?: Record<string, string>
  /** Told which processes run, so that they end where this one dies. */
  guard?: Guard
  /** What the token may do where a workflow says nothing. */
  defaultPermissions?: Permissions
  out: { summariesDir?: string; onEvent(event: RunnerEvent): void }
  signal?: AbortSignal
}

export type RunRequest = {
  /** Path of the workflow in the caller's repository. */
  workflow: string
  event: string
  /** Branch or tag, full or short; default: the default branch. */
  ref?: string
  sha?: string
  actor: string
  inputs?: Record<string, string>
  payload?: Record<string, unknown>
  /** A run that exists already (a dispatch created it). */
  runId?: number
}

/** A run that has begun: its id at once, its result when it is over. */
export type Started = Promise<RunResult> & { id: number }

export type Runner = {
  startRun(request: RunRequest): Started
  /** Starts every workflow that the event triggers. */
  trigger(event: Omit<RunRequest, 'workflow' | 'inputs' | 'runId'>): Started[]
  /** The result of a run, also of one that a dispatch started. */
  result(runId: number): Promise<RunResult> | undefined
  /** Waits until no run is left, dispatched ones included. */
  idle(): Promise<void>
  cancel(runId: number): void
  /** The machine of a job vanishes: its processes are killed, nothing else of the job runs. */
  killRunner(jobId: number): boolean
  /** The whole run vanishes: nothing of it runs any more. */
  killRun(runId: number): boolean
  close(): Promise<void>
}

/** A runner for workflows of one repository, on this machine. */
export function startRunner(options: RunnerOptions): Runner {
  const { hub } = options
  const delays = delaysOf(options.scale, options.delays)
  const emit = (event: NewRunnerEvent) => options.out.onEvent({ at: Date.now(), ...event } as RunnerEvent)
  const home = join(options.workDir, '_home')
  mkdirSync(home, { recursive: true })
  const platform: Platform = {
    ...{ hub, delays, emit, workDir: options.workDir, nodePath: options.nodePath },
    environment: { ...inherited(), HOME: home, ...options.environment },
    builtins: { 'actions/checkout': checkout(hub), 'actions/attest': attest, ...options.builtins },
    concurrency: createConcurrency(),
    approvals: createApprovals(hub, delays, emit),
    ...(options.out.summariesDir ? { summariesDir: options.out.summariesDir } : {}),
    ...(options.guard ? { guard: options.guard } : {}),
  }
  const product = productSource(options.product)
  const runs = new Map<number, { state: RunState; result: Promise<RunResult> }>()
  const numbers = new Map<string, number>()
  let closed = false

  const startRun: Runner['startRun'] = (request) => {
    if (closed) throw new Error('The runner is closed')
    const ref = fullRef(hub, request.ref ?? hub.defaultBranch)
    const sha = request.sha ?? shaOf(hub.gitDir, ref)
    const workflow = request.workflow.includes('/')
      ? request.workflow
      : `.github/workflows/${request.workflow}`
    const inputs = request.inputs ?? {}
    const { event, actor } = request
    const name = basename(workflow)
    const headBranch = ref.replace(/^refs\/(heads|tags)\//, '')
    const existing = request.runId === undefined ? undefined : hub.run(request.runId)
    const run: Run =
      existing ?? hub.createRun({ workflow, name, event, actor, headSha: sha, headBranch, inputs })
    const repository = `${hub.owner}/${hub.repo}`
    const payload = {
      ...(event === 'workflow_dispatch' ? { inputs, ref, workflow } : {}),
      repository: { full_name: repository, default_branch: hub.defaultBranch },
      sender: { login: actor },
      ...request.payload,
    }
    const trigger: Trigger = { event, ref, sha, actor, payload }
    const caller = gitSource(hub.gitDir, repository, ref, sha, options.workDir)
    const number = (numbers.get(workflow) ?? 0) + 1
    numbers.set(workflow, number)
    const state: RunState = {
      ...{ platform, run, trigger, caller, sources: sourcesOf(hub, caller, product, options) },
      github: githubContext(hub, run, trigger, number),
      ...{ cancelled: createAbort(), dead: createAbort(), running: new Map() },
      ...{ records: [], annotations: [], replaced: new Set() },
    }
    const defaultPermissions = options.defaultPermissions ?? restrictedDefault
    const result = executeRun(state, { path: workflow, inputs, defaultPermissions })
    runs.set(run.id, { state, result })
    return Object.assign(result, { id: run.id })
  }

  const trigger: Runner['trigger'] = (request) => {
    const ref = fullRef(hub, request.ref ?? hub.defaultBranch)
    const sha = request.sha ?? shaOf(hub.gitDir, ref)
    const source = gitSource(hub.gitDir, `${hub.owner}/${hub.repo}`, ref, sha, options.workDir)
    const found = triggeredWorkflows(source, { ...request, ref, sha, payload: request.payload ?? {} })
    return found.map((workflow) => startRun({ ...request, ref, sha, workflow }))
  }

  // Events of a job's token start nothing but these two (docs: triggering-a-workflow-from-a-workflow).
  hub.on('dispatch', ({ workflow, ref, inputs, actor, runId }) => {
    if (!closed) startRun({ workflow, event: 'workflow_dispatch', ref, inputs, actor, runId })
  })
  hub.on('repository-dispatch', ({ type, payload, actor }) => {
    if (!closed)
      trigger({ event: 'repository_dispatch', actor, payload: { action: type, client_payload: payload } })
  })
  const cancel = (runId: number) => {
    const run = runs.get(runId)
    if (run) cancelRun(run.state)
  }
  hub.on('cancel', cancel)

  const idle = async () => {
    let known = -1
    while (known !== runs.size) {
      known = runs.size
      await Promise.all([...runs.values()].map((run) => run.result))
    }
  }
  const close = async () => {
    closed = true
    for (const { state } of runs.values()) {
      state.cancelled.abort('cancelled')
      state.dead.abort('cut')
    }
    await idle()
  }
  options.signal?.addEventListener('abort', () => void close(), { once: true })
  return {
    ...{ startRun, trigger, cancel, idle, close },
    result: (runId) => runs.get(runId)?.result,
    killRunner: (jobId) => {
      for (const [runId, { state }] of runs) {
        const job = state.running.get(jobId)
        if (!job) continue
        emit({ type: 'runner-lost', runId, jobId, name: job.name })
        job.dead.abort('lost')
        return true
      }
      return false
    },
    killRun: (runId) => {
      const run = runs.get(runId)
      if (!run || run.state.dead.signal.aborted) return false
      for (const [jobId, { name }] of run.state.running) emit({ type: 'runner-lost', runId, jobId, name })
      run.state.dead.abort('lost')
      return true
    },
  }
}

function sourcesOf(
  hub: Hub,
  caller: RunState['caller'],
  product: RunState['caller'],
  { product: known, workDir }: RunnerOptions,
): Sources {
  return {
    find: (repository, ref) => {
      const name = repository.toLowerCase()
      if (name === known.ref.toLowerCase())
        return ref === known.version || ref === product.sha ? product : undefined
      if (name !== caller.repository.toLowerCase()) return undefined
      try {
        const full = fullRef(hub, ref)
        return gitSource(hub.gitDir, caller.repository, full, shaOf(hub.gitDir, full), workDir)
      } catch {
        return undefined
      }
    },
  }
}

/** Variables of this machine that a hosted one has too; nothing else of the surroundings reaches a job. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'USER', 'SHELL', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'SystemRoot']
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] ? [[name, process.env[name] ?? '']] : [])),
  )
}

function fullRef(hub: Hub, ref: string): string {
  if (ref.startsWith('refs/') || /^[0-9a-f]{40}$/.test(ref)) return ref
  const names = [`refs/heads/${ref}`, `refs/tags/${ref}`]
  return names.find((name) => isRef(hub.gitDir, name)) ?? `refs/heads/${ref}`
}

function isRef(gitDir: string, ref: string): boolean {
  try {
    gitSync('--git-dir', gitDir, 'show-ref', '--verify', '--quiet', ref)
    return true
  } catch {
    return false
  }
}

function shaOf(gitDir: string, ref: string): string {
  try {
    const out = gitSync('--git-dir', gitDir, 'rev-parse', '--verify', `${ref}^{commit}`)
    return out.toString().trim()
  } catch {
    throw new Error(`No ref '${ref}' in ${gitDir}`)
  }
}
