import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../repo/tree.ts'

export type Release = {
  outcome: 'released' | 'rolled-back' | 'refused' | 'failed'
  reasonCode: string
  version: string
  previous: string
  digest: string | null
  workflows: Array<{ name: string; jobs: Array<{ name: string; result: string; seconds: number }> }>
}

export type Document = Release & {
  steps: Array<{ weight: number; verdict: string; seconds: number; observed: number | null }>
  traffic: { stable: number; canary: number }
  requests: { total: number; failed: number }
  detectedSeconds: number | null
  recoverySeconds: number | null
  files: string[]
  seconds: number
  releases: Release[]
}

export type Rehearsal = {
  status: number | null
  document: Document
  out: string
  stderr: string
}

/** What the machine has, and the Node of the actions, which a devDependency brings. */
export const nodes = { here: process.execPath, actions: join(root, 'node_modules/node/bin/node') }

const limitMilliseconds = 180_000

/** One rehearsal in a process of its own, from the bundle of `product`, as a person would type it. */
export async function rehearse(
  product: string,
  out: string,
  words: readonly string[],
  node = nodes.here,
): Promise<Rehearsal> {
  const child = spawn(node, ['dist/rehearse', '--json', '--out', out, ...words], {
    cwd: product,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: product, LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1' },
    timeout: limitMilliseconds,
    killSignal: 'SIGKILL',
  })
  const text = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text.stdout += part
  })
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    text.stderr += part
  })
  const status = await new Promise<number | null>((done, failed) =>
    child.on('error', failed).on('close', done),
  )
  try {
    return { status, document: JSON.parse(text.stdout) as Document, out, stderr: text.stderr }
  } catch {
    throw new Error(
      `rehearse ${words.join(' ')} ended with ${status} and no document:\n${text.stdout}\n${text.stderr}`,
    )
  }
}

export type RecordedEvent = { kind: string; key: string; release: string; data: Record<string, unknown> }

/** The events of the record, in their order. */
export const recordOf = ({ out }: Rehearsal): RecordedEvent[] =>
  readFileSync(join(out, 'record.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RecordedEvent)

/** The result of each job whose name ends so, in whatever workflow. */
export const jobsNamed = ({ workflows }: Release, name: string): string[] =>
  workflows.flatMap(({ jobs }) => jobs.filter((job) => job.name.endsWith(name)).map(({ result }) => result))
