import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { UsageError } from '../command/arguments.ts'
import type { Place } from '../play/place.ts'
import type { Subject } from './copy-history.ts'
import { gitEnvironment } from './run-git.ts'

/** What the release will be, as the product's own plan-release says in a dry run. */
export type Preview = {
  version: string
  previous: string
  environment: string
  /** Who is asked, and in which environment each. */
  signoffs: { role: string; environment: string }[]
}

/** Asks the product's plan-release, as a process, before anything is started: bad input ends here in one sentence. */
export const previewPlan = async (
  { product, folder: work, guard, ending }: Place,
  subject: Subject,
  branch: string,
): Promise<Preview> => {
  const folder = join(work, 'preview')
  mkdirSync(folder, { recursive: true })
  const output = join(folder, 'preview-output')
  writeFileSync(output, '')
  const child = spawn(process.execPath, [join(product, 'dist/plan-release/index.js')], {
    cwd: subject.gitDir,
    detached: true,
    signal: ending,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...gitEnvironment(),
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: '',
      GITHUB_REPOSITORY: `rehearsal/${subject.name}`,
      RUNNER_TEMP: folder,
      'INPUT_DRY-RUN': 'true',
      'INPUT_REPOSITORY-PATH': subject.gitDir,
      'INPUT_POLICY-REF': branch,
      INPUT_REF: subject.to,
      INPUT_FROM: subject.from ?? '',
    },
  })
  if (child.pid !== undefined) guard.started(child.pid)
  const complaint = await endOf(child)
  if (child.pid !== undefined) guard.ended(child.pid)
  ending.throwIfAborted()
  const outputs = readOutputs(readFileSync(output, 'utf8'))
  if (outputs['decision'] === 'planned') {
    return {
      version: outputs['version'] ?? '',
      previous: outputs['previous'] || '0.0.0',
      environment: outputs['environment'] || 'production',
      signoffs: JSON.parse(outputs['signoffs'] || '[]') as Preview['signoffs'],
    }
  }
  const result = JSON.parse(outputs['result'] ?? '{}') as { message?: string }
  throw new UsageError(result.message ?? (complaint.trim() || 'plan-release gave no answer'))
}

/** What it wrote to its standard error; it has ended then. */
const endOf = (child: ChildProcessByStdio<null, null, Readable>): Promise<string> =>
  new Promise((done) => {
    let text = ''
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    child.on('error', (error) => {
      text ||= error.message
    })
    child.on('close', () => done(text))
  })

/** The `name<<delimiter` form that @actions/core writes. */
const readOutputs = (text: string): Record<string, string> => {
  const outputs: Record<string, string> = {}
  const pattern = /^(.+?)<<(.+)\n([\s\S]*?)\n?^\2$/gm
  for (const [, name = '', , value = ''] of text.matchAll(pattern)) outputs[name] = value.replace(/\n$/, '')
  return outputs
}
