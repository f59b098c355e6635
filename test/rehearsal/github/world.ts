/** A GitHub on loopback over a real repository, for one test file. */

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { devNull, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { getOctokit } from '@actions/github'
import { afterAll } from '@jest/globals'
import type { Permission } from '../../../rehearsal/github/hub.ts'
import { type GithubOptions, type RehearsedGithub, startGithub } from '../../../rehearsal/github/server.ts'

export type Octokit = ReturnType<typeof getOctokit>

export type World = {
  hub: RehearsedGithub
  lines: string[]
  repo: { owner: string; repo: string }
  git(...args: string[]): string
  /** A client with a job's token of these permissions. */
  job(permissions: Record<string, Permission>, more?: { runId?: number; jobId?: number }): Octokit
  user(login: string): Octokit
  /** A request without a client in between. */
  raw(
    method: string,
    path: string,
    token: string,
    body?: unknown,
  ): Promise<{ status: number; text: string; headers: Headers }>
  close(): Promise<void>
}

const people = {
  GIT_AUTHOR_NAME: 'Ada Lovelace',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'GitHub',
  GIT_COMMITTER_EMAIL: 'noreply@github.com',
  GIT_CONFIG_GLOBAL: devNull,
  GIT_CONFIG_NOSYSTEM: '1',
}

const workflow = 'name: Release\non:\n  workflow_dispatch:\njobs: {}\n'

/** main: a first commit tagged v1.0.0, a squashed #7 ("Fixes #3") and a merged #9; record: one empty commit. */
function makeHistory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'relman-history-'))
  const work = join(folder, 'work')
  mkdirSync(work)
  const gitDir = join(folder, 'bare.git')
  let second = 0
  const env = (): NodeJS.ProcessEnv => {
    const date = new Date(Date.UTC(2026, 0, 1) + ++second * 1000).toISOString()
    return { ...process.env, ...people, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
  }
  const inWork = (...args: string[]): string =>
    execFileSync('git', args, { cwd: work, env: env() }).toString().trim()
  const commit = (message: string, files: Record<string, string>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(work, path)), { recursive: true })
      writeFileSync(join(work, path), text)
    }
    inWork('add', '-A')
    inWork('commit', '-q', '-m', message)
  }
  inWork('init', '-q', '-b', 'main')
  commit('feat: begin', { 'README.md': 'one\n', '.github/workflows/release.yml': workflow })
  inWork('tag', '-a', 'v1.0.0', '-m', 'first')
  commit('feat: orders (#7)\n\nFixes #3', { 'src/orders.txt': 'orders\n' })
  inWork('checkout', '-q', '-b', 'topic')
  commit('fix: totals', { 'src/totals.txt': 'totals\n' })
  inWork('checkout', '-q', 'main')
  inWork(
    'merge',
    '-q',
    '--no-ff',
    'topic',
    '-m',
    'Merge pull request #9 from ada/topic\n\nCorrect the totals',
  )
  inWork('checkout', '-q', '--orphan', 'relman-record')
  inWork('rm', '-rfq', '.')
  inWork('commit', '-q', '--allow-empty', '-m', 'record')
  execFileSync('git', ['clone', '-q', '--bare', work, gitDir], { env: env() })
  execFileSync('git', ['--git-dir', gitDir, 'symbolic-ref', 'HEAD', 'refs/heads/main'])
  return gitDir
}

let history: string | undefined
afterAll(() => {
  if (history) rmSync(dirname(history), { recursive: true, force: true })
})

export async function openWorld(options: Partial<GithubOptions> = {}): Promise<World> {
  history ??= makeHistory()
  const folder = mkdtempSync(join(tmpdir(), 'relman-github-'))
  const gitDir = join(folder, 'bare.git')
  cpSync(history, gitDir, { recursive: true })
  const lines: string[] = []
  const hub = await startGithub({
    gitDir,
    owner: 'octo',
    repo: 'shop',
    defaultBranch: 'main',
    users: ['ada', 'grace', 'linus'],
    log: (line) => lines.push(line),
    ...options,
  })
  const client = (token: string): Octokit => getOctokit(token, { baseUrl: hub.apiUrl, log: quiet })
  return {
    hub,
    lines,
    repo: { owner: 'octo', repo: 'shop' },
    git: (...args) =>
      execFileSync('git', ['--git-dir', gitDir, ...args])
        .toString()
        .trim(),
    job: (permissions, more = {}) =>
      client(hub.mintToken({ actor: 'ada', kind: 'job', permissions, ...more })),
    user: (login) => client(hub.mintToken({ actor: login, kind: 'user', permissions: {} })),
    raw: async (method, path, token, body) => {
      const reply = await fetch(`${hub.apiUrl}${path}`, {
        method,
        headers: { authorization: `token ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: reply.status, text: await reply.text(), headers: reply.headers }
    },
    close: async () => {
      await hub.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** The status and message of a refused request. */
export async function refusal(
  work: Promise<unknown>,
): Promise<{ status: number; message: string; errors: unknown }> {
  try {
    await work
  } catch (error) {
    const { status, message, response } = error as {
      status: number
      message: string
      response?: { data?: { errors?: unknown } }
    }
    return { status, message, errors: response?.data?.errors }
  }
  throw new Error('the request was not refused')
}
