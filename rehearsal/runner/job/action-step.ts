import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { evaluateText, evaluateTexts } from '../expression/evaluate.ts'
import { mappingOf } from '../workflow/tree.ts'
import type { StepDefinition } from '../workflow/workflow.ts'
import { type Action, type CompositeRuns, loadAction, locateAction, type NodeRuns } from './action.ts'
import { runnableOf } from './runnable.ts'
import type { Frame, JobState, Status } from './state.ts'
import { type Runnable, runStep, type StepCall } from './step.ts'
import { runStepProcess } from './step-process.ts'

/** Values that an action's pre, main and post hand to each other through GITHUB_STATE. */
export type ActionState = { values: Record<string, string>; postRegistered: boolean }

/** Runs `uses:`: a JavaScript action, a composite one, or a built-in one in the place of an external action. */
export async function runAction(call: StepCall, step: StepDefinition, state: ActionState): Promise<boolean> {
  const { job, frame } = call
  const uses = step.uses ?? ''
  const located = locateAction(uses, frame.source, job.machine)
  if (located.kind === 'builtin') {
    const run = job.machine.builtins[located.name]
    job.emit({ type: 'replaced', runId: job.runId, jobId: job.jobId, action: uses })
    call.log(`##[group]Run ${uses} (replaced by a built-in action of the rehearsal)`)
    call.log('##[endgroup]')
    const outputs = await run?.({
      inputs: evaluateTexts(step.with, call.scope),
      env: call.env,
      workspace: job.machine.workspace,
      temp: job.machine.temp,
      github: call.scope.contexts.github as Record<string, unknown>,
      token: job.token,
      permissions: job.permissions,
      cancel: call.cancel,
      log: call.log,
    })
    Object.assign(call.outputs, outputs)
    return true
  }
  const action = loadAction(located)
  call.log(`##[group]Run ${uses}`)
  call.log('##[endgroup]')
  if (action.runs.kind === 'composite') return runComposite(call, step, action, action.runs)
  const { runs } = action
  if (runs.pre && located.local)
    call.annotate({
      level: 'warning',
      message: `\`pre\` execution is not supported for local action from '${uses}'`,
    })
  registerPost(job, frame, step, action, runs, nameOf(step), state)
  return runNode(call, step, action, runs.main, state)
}

/** An action's `pre`, run before the job's first step (runner: JobExtension.cs); undefined where it has none. */
export function preStep(
  job: JobState,
  frame: Frame,
  step: StepDefinition,
  action: Action,
  state: ActionState,
): Runnable | undefined {
  const { runs } = action
  if (runs.kind !== 'node' || !runs.pre) return undefined
  const script = runs.pre
  return {
    id: `__pre_${step.id}`,
    name: `Pre ${nameOf(step)}`,
    condition: runs.preIf,
    env: step.env,
    frame,
    execute: (call) => {
      registerPost(job, frame, step, action, runs, nameOf(step), state)
      return runNode(call, step, action, script, state)
    },
  }
}

function nameOf(step: StepDefinition): string {
  return typeof step.name === 'string' ? step.name : `Run ${step.uses}`
}

// post is registered when pre or main starts and runs in reverse order (runner: ActionRunner.cs; ExecutionContext.cs).
function registerPost(
  job: JobState,
  frame: Frame,
  step: StepDefinition,
  action: Action,
  runs: NodeRuns,
  name: string,
  state: ActionState,
) {
  const script = runs.post
  if (!script || state.postRegistered) return
  state.postRegistered = true
  job.posts.push({
    id: `__post_${step.id}_${job.posts.length}`,
    name: `Post ${name}`,
    // Its status functions look at the job, also for an action within a composite one.
    condition: runs.postIf,
    env: step.env,
    frame: { ...frame, composite: false, status: () => job.status, fail: () => failJob(job) },
    execute: (call) => runNode(call, step, action, script, state),
  })
}

function failJob(job: JobState): void {
  if (job.status === 'success') job.status = 'failure'
}

async function runNode(
  call: StepCall,
  step: StepDefinition,
  action: Action,
  script: string,
  state: ActionState,
): Promise<boolean> {
  const { machine } = call.job
  // The path may leave the action's folder, but not be missing (runner: NodeScriptActionHandler.cs).
  const target = join(action.folder, script)
  if (!existsSync(target)) throw new Error(`File not found: '${target}'`)
  const inputs = inputsOf(call, step, action)
  const github = {
    ...(call.scope.contexts.github as object),
    action_repository: action.repository,
    action_ref: action.ref,
  }
  const scope = { ...call.scope, contexts: { ...call.scope.contexts, github } }
  return runStepProcess(
    { ...call, scope },
    {
      file: machine.nodePath,
      args: [target],
      cwd: machine.workspace,
      env: {
        ...Object.fromEntries(Object.entries(state.values).map(([name, value]) => [`STATE_${name}`, value])),
        ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [inputVariable(name), value])),
      },
      state: state.values,
    },
  )
}

/** INPUT_<NAME>: upper case, spaces as `_`, hyphens kept (docs: metadata-syntax#inputs). */
function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`
}

/** `with` over the defaults of action.yml, which may hold expressions; `required` is not enforced (runner: ActionRunner.cs). */
function inputsOf(call: StepCall, step: StepDefinition, action: Action): Record<string, string> {
  const inputs = evaluateTexts(step.with, call.scope)
  const given = new Set(Object.keys(inputs).map((name) => name.toLowerCase()))
  const known = new Set([...action.inputs.keys()].map((name) => name.toLowerCase()))
  const unexpected = Object.keys(inputs).filter((name) => !known.has(name.toLowerCase()))
  if (unexpected.length > 0) {
    const valid = [...action.inputs.keys()].join("', '")
    call.annotate({
      level: 'warning',
      message: `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${valid}']`,
    })
  }
  for (const [name, input] of action.inputs) {
    if (given.has(name.toLowerCase())) {
      if (input.deprecation)
        call.annotate({
          level: 'warning',
          message: `Input '${name}' has been deprecated with message: ${input.deprecation}`,
        })
    } else inputs[name] = evaluateText(input.default, call.scope)
  }
  return inputs
}

async function runComposite(
  call: StepCall,
  step: StepDefinition,
  action: Action,
  runs: CompositeRuns,
): Promise<boolean> {
  const { job, frame } = call
  let status: Status = 'success'
  const own = { ...job.env }
  const env = Object.fromEntries(Object.entries(call.env).filter(([name, value]) => own[name] !== value))
  const contexts = {
    ...frame.contexts,
    inputs: inputsOf(call, step, action),
    github: { ...(frame.contexts.github as object), action_path: action.folder },
  }
  const inner: Frame = {
    source: action.source,
    contexts,
    steps: {},
    env,
    status: () => status,
    fail: () => {
      status = 'failure'
    },
    composite: true,
  }
  for (const nested of runs.steps) {
    const result = await runStep(job, runnableOf(inner, nested), call.cancel)
    if (result === 'cancelled') status = 'cancelled'
  }
  const scope = { ...call.scope, contexts: { ...call.scope.contexts, ...contexts, steps: inner.steps } }
  for (const [name, body] of runs.outputs)
    call.outputs[name] = evaluateText(mappingOf(body).get('value'), scope)
  return status === 'success'
}
