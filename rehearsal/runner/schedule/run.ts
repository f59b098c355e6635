import type { Run } from '../../github/hub.ts'
import { after } from '../delays.ts'
import type { Result } from '../events.ts'
import { evaluateText, type Scope } from '../expression/evaluate.ts'
import type { Annotation } from '../job/commands.ts'
import { loadCallTree } from '../workflow/call-tree.ts'
import { dispatchInputs } from '../workflow/inputs.ts'
import type { Permissions } from '../workflow/permissions.ts'
import { holdGroups } from './group-claim.ts'
import { combined, type JobRecord, type RunState } from './run-state.ts'
import { runWorkflow } from './workflow-run.ts'

export type RunResult = {
  runId: number
  workflow: string
  conclusion: Result | 'startup_failure'
  /** Why it could not start. */
  errors: string[]
  jobs: JobRecord[]
  annotations: (Annotation & { job?: string })[]
  /** External actions in whose place a built-in one ran. */
  replaced: string[]
  seconds: number
}

/** Runs a workflow from its file to its conclusion. */
export async function executeRun(
  run: RunState,
  call: { path: string; inputs: Record<string, string>; defaultPermissions: Permissions },
): Promise<RunResult> {
  const { hub, emit } = run.platform
  const startedAt = Date.now()
  const runId = run.run.id
  const finish = (conclusion: RunResult['conclusion'], errors: string[] = []): RunResult => {
    hub.updateRun(runId, { status: 'completed', conclusion })
    emit({ type: 'run-finished', runId, workflow: call.path, conclusion, errors })
    return {
      ...{ runId, workflow: call.path, conclusion, errors, jobs: run.records, annotations: run.annotations },
      replaced: [...run.replaced].sort(),
      seconds: (Date.now() - startedAt) / 1000,
    }
  }
  emit({ type: 'run-queued', runId, workflow: call.path, name: run.run.name, event: run.trigger.event })
  const { tree, errors } = await loadCallTree(run.caller, call.path, call.defaultPermissions, run.sources)
  if (!tree) return finish('startup_failure', errors)
  const { workflow } = tree
  run.github.workflow = workflow.name
  hub.updateRun(runId, { name: workflow.name })
  if (!workflow.on.has(run.trigger.event))
    return finish('startup_failure', [
      `${call.path}: the workflow is not triggered by '${run.trigger.event}'`,
    ])
  let release = () => {}
  try {
    const inputs =
      run.trigger.event === 'workflow_dispatch' ? dispatchInputs(workflow.dispatchInputs, call.inputs) : {}
    const scope: Scope = { contexts: { github: run.github, inputs, vars: hub.variables } }
    if (workflow.runName !== undefined) hub.updateRun(runId, { name: evaluateText(workflow.runName, scope) })
    const held = await holdGroups(run, {
      groups: [{ tree: workflow.concurrency, scope }],
      ...{ held: [], name: workflow.name, signal: run.cancelled.signal, cancel: () => cancelRun(run) },
      onWait: (group) => emit({ type: 'run-waiting', runId, group }),
    })
    if (!held.granted) {
      run.annotations.push({ level: 'error', message: held.reason })
      return finish('cancelled')
    }
    release = held.release
    hub.updateRun(runId, { status: 'in_progress' })
    emit({ type: 'run-started', runId, workflow: call.path, name: workflow.name, event: run.trigger.event })
    const outcomes = await runWorkflow(run, tree, {
      ...{
        inputs,
        secrets: hub.secrets,
        environmentSecrets: 'all',
        prefix: '',
        ancestors: [],
        held: held.names,
      },
    })
    const result = combined([...outcomes.values()].map((outcome) => outcome.result))
    return finish(run.cancelled.signal.aborted && result !== 'failure' ? 'cancelled' : result)
  } catch (error) {
    return finish('startup_failure', [error instanceof Error ? error.message : String(error)])
  } finally {
    release()
    stopCuts.get(run.run)?.()
    stopCuts.delete(run.run)
  }
}

const stopCuts = new WeakMap<Run, () => void>()

/**
 * Cancels a run: jobs whose condition no longer holds are told to end, the others go on; after five minutes everything
 * is ended (docs: workflow-cancellation).
 */
export function cancelRun(run: RunState): void {
  if (run.cancelled.signal.aborted) return
  stopCuts.set(
    run.run,
    after(run.platform.delays.cancelWindowMs, () => run.dead.abort('cut')),
  )
  run.cancelled.abort('cancelled')
}
