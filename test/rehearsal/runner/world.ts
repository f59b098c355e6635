import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { jest } from '@jest/globals'
import type { Environment } from '../../../rehearsal/github/hub.ts'
import type { RunnerEvent } from '../../../rehearsal/runner/events.ts'
import type { RunResult } from '../../../rehearsal/runner/schedule/run.ts'
import { type RunnerOptions, type RunRequest, startRunner } from '../../../rehearsal/runner/start-runner.ts'
import { memoryHub } from './memory-hub.ts'

// Processes start slowly on a busy machine; what is measured is checked by each test itself.
jest.setTimeout(30_000)

export type Files = Record<string, string>

/** A caller's repository with the given files, a product folder, and a runner on them. */
export function world(files: Files, product: Files = {}, options: Partial<RunnerOptions> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'runner-'))
  const write = (folder: string, all: Files) => {
    for (const [path, content] of Object.entries(all)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
  }
  const clone = join(root, 'clone')
  write(clone, { 'README.md': 'shop\n', ...files })
  write(join(root, 'product'), { 'README.md': 'relman\n', ...product })
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', clone, ...args], { env })
      .toString()
      .trim()
  git('init', '--quiet', '--initial-branch', 'main')
  git('add', '-A')
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', 'one')
  const bare = join(root, 'shop.git')
  execFileSync('git', ['clone', '--quiet', '--bare', clone, bare], { env })
  const hub = memoryHub(bare)
  const events: RunnerEvent[] = []
  const runner = startRunner({
    hub,
    product: { root: join(root, 'product'), ref: 'org/relman', version: 'v1' },
    workDir: join(root, 'work'),
    scale: 0.001,
    delays: {
      interruptMs: 300,
      terminateMs: 200,
      streamMs: 200,
      cancelWindowMs: 3000,
      heartbeatMs: 100,
      ...options.delays,
    },
    nodePath: process.execPath,
    ...{
      ...(options.builtins && { builtins: options.builtins }),
      ...(options.environment && { environment: options.environment }),
    },
    out: { summariesDir: join(root, 'summaries'), onEvent: (event) => events.push(event) },
  })
  const start = (request: Partial<RunRequest> = {}) =>
    runner.startRun({ workflow: 'main.yml', event: 'workflow_dispatch', actor: 'ann', ...request })
  return {
    ...{ root, hub, events, runner, start },
    sha: git('rev-parse', 'HEAD'),
    run: (request: Partial<RunRequest> = {}): Promise<RunResult> => start(request),
    /** Waits for an event, looking at those that have come already. */
    until: async (test: (event: RunnerEvent) => boolean): Promise<RunnerEvent> => {
      for (let tries = 0; tries < 1000; tries++) {
        const found = events.find(test)
        if (found) return found
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      throw new Error('the event did not come')
    },
    logs: (job?: string) =>
      events
        .filter((event) => event.type === 'log')
        .filter((event) => !job || jobNamed(events, job) === event.jobId)
        .map((event) => event.line),
    environment: (name: string, own: Partial<Environment> = {}) =>
      hub.putEnvironment({
        ...{ name, reviewers: [], preventSelfReview: false, waitTimerMinutes: 0, secrets: {}, variables: {} },
        ...{ canAdminsBypass: true, ...own },
      }),
    end: async () => {
      await runner.close()
      rmSync(root, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

export type World = ReturnType<typeof world>

function jobNamed(events: RunnerEvent[], name: string): number | undefined {
  const found = events.find((event) => event.type === 'job-queued' && event.name === name)
  return found && 'jobId' in found ? found.jobId : undefined
}

/** `name: result` of every job. */
export function results(result: RunResult): Record<string, string> {
  return Object.fromEntries(result.jobs.map((job) => [job.name, job.result]))
}

export function outputsOf(result: RunResult, job: string): Record<string, string> {
  return result.jobs.find(({ name }) => name === job)?.outputs ?? {}
}

export const main = (jobs: string, head = 'on: workflow_dispatch'): Files => ({
  '.github/workflows/main.yml': `${head}\njobs:\n${jobs}`,
})
