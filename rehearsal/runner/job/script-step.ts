import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { evaluateText } from '../expression/evaluate.ts'
import { mappingOf } from '../workflow/tree.ts'
import type { StepDefinition } from '../workflow/workflow.ts'
import type { StepCall } from './step.ts'
import { runStepProcess } from './step-process.ts'

// docs: workflow-syntax#jobsjob_idstepsshell; runner: ScriptHandlerHelpers.cs. Without `shell` bash runs with -e alone,
// so that a failing command within a pipe goes unnoticed.
const formats: Record<string, string> = {
  bash: 'bash --noprofile --norc -e -o pipefail {0}',
  sh: 'sh -e {0}',
  python: 'python {0}',
  pwsh: "pwsh -command . '{0}'",
}
const unspecified = 'bash -e {0}'

/** Runs `run:` from a script file. */
export async function runScript(call: StepCall, step: StepDefinition): Promise<boolean> {
  const { job, scope } = call
  const defaults = mappingOf(job.defaults.get('run'))
  const shell = evaluateText(step.shell ?? defaults.get('shell'), scope)
  const folder = evaluateText(step.workingDirectory ?? defaults.get('working-directory'), scope)
  const script = join(job.machine.temp, `${randomUUID()}.sh`)
  mkdirSync(job.machine.temp, { recursive: true })
  const text = evaluateText(step.run, scope)
  writeFileSync(script, `${text}\n`)
  const format = shell === '' ? unspecified : (formats[shell] ?? shell)
  if (!format.includes('{0}'))
    throw new Error(
      `Invalid shell option '${shell}'. Shell must be bash, sh, python, pwsh or a format string containing '{0}'`,
    )
  const [file = 'bash', ...args] = format.split(/\s+/).map((word) => word.replaceAll('{0}', script))
  call.log(`##[group]Run ${text.trim().split('\n')[0] ?? ''}`)
  for (const line of text.trimEnd().split('\n')) call.log(line)
  call.log(`shell: ${format}`)
  call.log('##[endgroup]')
  return runStepProcess(call, { file, args, cwd: resolve(job.machine.workspace, folder), env: {}, state: {} })
}
