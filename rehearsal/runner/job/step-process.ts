import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runProcess } from '../process/run-process.ts'
import { commandReader } from './commands.ts'
import { blockedVariables, readEntries, summaryLimit } from './environment-files.ts'
import type { StepCall } from './step.ts'
import { githubVariables } from './variables.ts'

const fileCommands = ['output', 'env', 'path', 'state', 'step_summary'] as const

/** One process of a step, with its GITHUB_* files; the files count also when it fails (runner: ActionRunner.cs). */
export async function runStepProcess(
  call: StepCall,
  program: {
    file: string
    args: string[]
    cwd: string
    env: Record<string, string>
    state: Record<string, string>
  },
): Promise<boolean> {
  const { job, scope } = call
  const { machine } = job
  const folder = join(machine.temp, '_runner_file_commands')
  mkdirSync(folder, { recursive: true })
  const id = randomUUID()
  const files = Object.fromEntries(
    fileCommands.map((kind) => [kind, join(folder, `${kind}_${id}`)]),
  ) as Record<(typeof fileCommands)[number], string>
  for (const path of Object.values(files)) writeFileSync(path, '')
  const github = { ...(scope.contexts.github as Record<string, unknown>), ...files }
  const base = { ...machine.environment, ...call.env }
  const env: Record<string, string> = {
    ...base,
    ...githubVariables(github, scope.contexts.runner as Record<string, unknown>),
    ...program.env,
    PATH: [...job.path.toReversed(), base.PATH ?? ''].join(':'),
  }
  const read = commandReader({
    log: call.log,
    annotate: (annotation) => call.annotate({ ...annotation, message: job.masks.apply(annotation.message) }),
    mask: job.masks.add,
    output: (name, value) => {
      call.outputs[name] = value
    },
    state: (name, value) => {
      program.state[name] = value
    },
  })
  let pid: number | undefined
  let passed = false
  try {
    const { code, cancelled } = await runProcess({
      ...program,
      env,
      cancel: call.cancel,
      grace: machine.grace,
      onLine: read,
      onStart: (started) => {
        pid = started
        machine.processes.add(started)
        machine.guard?.started(started)
      },
    })
    passed = code === 0 && !cancelled
    // An action reports by itself; a script's exit status is named (runner: ScriptHandler.cs, NodeScriptActionHandler.cs).
    if (code !== 0 && !cancelled && !job.dead.aborted)
      call.annotate({ level: 'error', message: `Process completed with exit code ${code}.` })
  } finally {
    if (!job.dead.aborted) passed = readFiles(call, files, program.state) && passed
    for (const path of Object.values(files)) rmSync(path, { force: true })
  }
  if (pid !== undefined && machine.processes.size > 1000) machine.processes.delete(pid)
  return passed
}

function readFiles(
  call: StepCall,
  files: Record<(typeof fileCommands)[number], string>,
  state: Record<string, string>,
): boolean {
  const { job } = call
  const text = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '')
  try {
    for (const [name, value] of readEntries(text(files.output))) call.outputs[name] = value
    for (const [name, value] of readEntries(text(files.state))) state[name] = value
    for (const [name, value] of readEntries(text(files.env))) {
      if (blockedVariables.includes(name.toUpperCase()))
        call.annotate({
          level: 'error',
          message: `Can't store ${name} output parameter using '$GITHUB_ENV' command.`,
        })
      else job.env[name] = value
    }
    for (const line of text(files.path).split('\n'))
      if (line !== '') job.path = [...job.path.filter((known) => known !== line), line]
  } catch (error) {
    call.annotate({ level: 'error', message: error instanceof Error ? error.message : String(error) })
    return false
  } finally {
    readSummary(call, files.step_summary)
  }
  return true
}

function readSummary(call: StepCall, path: string): void {
  if (!existsSync(path)) return
  const { size } = statSync(path)
  if (size === 0) return
  if (size > summaryLimit) {
    // docs: workflow-commands#step-isolation-and-limits — the step's result is not affected.
    const message = `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${summaryLimit / 1024}k, got ${Math.floor(size / 1024)}k.`
    call.annotate({ level: 'error', message })
    return
  }
  const { job } = call
  const markdown = readFileSync(path, 'utf8').split('\n').map(job.masks.apply).join('\n')
  const event = {
    type: 'summary',
    runId: job.runId,
    jobId: job.jobId,
    job: job.name,
    step: call.name,
    markdown,
  } as const
  if (!job.machine.summariesDir) {
    job.emit(event)
    return
  }
  mkdirSync(job.machine.summariesDir, { recursive: true })
  const words = `${job.name}-${job.steps.length}-${call.name}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80)
  const file = join(job.machine.summariesDir, `${job.runId}-${job.jobId}-${words}.md`)
  writeFileSync(file, markdown)
  job.emit({ ...event, file })
}
