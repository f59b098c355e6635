import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const dist = process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../../dist')

const people = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: '7+ada@users.noreply.github.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
}

export type Planned = {
  status: number
  outputs: Record<string, string>
  result: {
    decision: string
    reasonCode: string
    message: string
    dryRun: boolean
    data: Record<string, unknown>
  }
  summary: string
  log: string
  /** The text of plan.json; '' when none was written. */
  text: string
  // The tests read whatever part of the plan they are about.
  // biome-ignore lint/suspicious/noExplicitAny: a parsed document of an outside program
  plan: any
  deploymentPlan: string
}

export type Clone = {
  folder: string
  git(...args: string[]): string
  /** Writes files, commits them, gives the sha. Each commit is a minute after the one before. */
  commit(message: string, files?: Record<string, string>): string
  tag(...names: string[]): void
  /** Feeds `git fast-import`: thousands of commits in a moment. */
  importStream(stream: string | Buffer): void
  plan(inputs?: Record<string, string>, env?: Record<string, string>): Planned
  close(): void
}

/** A real repository of a test, and the bundled plan-release run on it as a process. */
export const openClone = (): Clone => {
  const base = mkdtempSync(join(tmpdir(), 'relman-plan-'))
  const folder = join(base, 'work')
  mkdirSync(folder)
  let minute = 0
  let number = 0
  const git = (...args: string[]): string => {
    const date = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()
    const env = { ...process.env, ...people, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
    return execFileSync('git', args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
      .toString()
      .trim()
  }
  git('init', '-q', '-b', 'main')
  return {
    folder,
    git,
    commit: (message, files) => {
      minute += 1
      number += 1
      for (const [path, text] of Object.entries(files ?? { [`src/file-${number}.ts`]: String(number) })) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), text)
      }
      git('add', '-A')
      git('commit', '-q', '--allow-empty', '--cleanup=verbatim', '-m', message)
      return git('rev-parse', 'HEAD')
    },
    tag: (...names) => {
      for (const name of names) git('tag', name)
    },
    importStream: (input) => {
      execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input })
    },
    plan: (inputs = {}, env = {}) => {
      const temp = mkdtempSync(join(base, 'temp-'))
      return runPlan({ folder, temp, inputs, env })
    },
    close: () => rmSync(base, { recursive: true, force: true }),
  }
}

type Run = { folder: string; temp: string; inputs: Record<string, string>; env: Record<string, string> }

export const environmentOf = ({ folder, temp, inputs, env }: Run): Record<string, string> => {
  for (const name of ['output', 'summary']) writeFileSync(join(temp, name), '')
  return {
    PATH: process.env['PATH'] ?? '',
    ...Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
    GITHUB_REPOSITORY: 'acme/checkout',
    GITHUB_ACTOR: 'ada',
    GITHUB_WORKSPACE: folder,
    GITHUB_OUTPUT: join(temp, 'output'),
    GITHUB_STEP_SUMMARY: join(temp, 'summary'),
    RUNNER_TEMP: temp,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    ...env,
  }
}

const runPlan = (run: Run): Planned => {
  const env = environmentOf(run)
  const ended = ((): { status: number; log: string } => {
    try {
      const log = execFileSync(process.execPath, [join(dist, 'plan-release', 'index.js')], {
        cwd: run.temp,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      return { status: 0, log: log.toString() }
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: Buffer; stderr: Buffer }
      return { status, log: `${stdout}${stderr}` }
    }
  })()
  return { ...ended, ...readRun(run.temp) }
}

export const readRun = (temp: string): Omit<Planned, 'status' | 'log'> => {
  const read = (name: string): string => {
    try {
      return readFileSync(join(temp, name), 'utf8')
    } catch {
      return ''
    }
  }
  const outputs = readOutputs(read('output'))
  const text = read('plan.json')
  return {
    outputs,
    result: JSON.parse(outputs['result'] ?? 'null'),
    summary: read('summary'),
    text,
    plan: text === '' ? null : JSON.parse(text),
    deploymentPlan: read('deployment-plan.md'),
  }
}

const readOutputs = (text: string): Record<string, string> => {
  const outputs: Record<string, string> = {}
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const match = /^([^<]+)<<(.+)$/.exec(lines[at] ?? '')
    if (!match) continue
    const [, name = '', end] = match
    const from = at + 1
    while (at < lines.length && (lines[at + 1] ?? end) !== end) at += 1
    outputs[name] = lines.slice(from, at + 1).join('\n')
    at += 1
  }
  return outputs
}
