import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../command/arguments.ts'
import type { Subject } from './copy-history.ts'

/** What the release will be, as the product's own plan-release says in a dry run. */
export type Preview = { version: string; previous: string }

/** Asks the product's plan-release, as a process, before anything is started: bad input ends here in one sentence. */
export const previewPlan = (product: string, subject: Subject, branch: string, folder: string): Preview => {
  mkdirSync(folder, { recursive: true })
  const output = join(folder, 'preview-output')
  writeFileSync(output, '')
  const done = spawnSync(process.execPath, [join(product, 'dist/plan-release/index.js')], {
    cwd: subject.gitDir,
    encoding: 'utf8',
    env: {
      ...process.env,
      LC_ALL: 'C',
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
  const outputs = readOutputs(readFileSync(output, 'utf8'))
  if (outputs['decision'] === 'planned') {
    return { version: outputs['version'] ?? '', previous: outputs['previous'] || '0.0.0' }
  }
  const result = JSON.parse(outputs['result'] ?? '{}') as { message?: string }
  throw new UsageError(result.message ?? (done.stderr.trim() || 'plan-release gave no answer'))
}

/** The `name<<delimiter` form that @actions/core writes. */
const readOutputs = (text: string): Record<string, string> => {
  const outputs: Record<string, string> = {}
  const pattern = /^(.+?)<<(.+)\n([\s\S]*?)\n?^\2$/gm
  for (const [, name = '', , value = ''] of text.matchAll(pattern)) outputs[name] = value.replace(/\n$/, '')
  return outputs
}
