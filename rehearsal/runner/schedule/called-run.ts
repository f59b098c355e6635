import { createAbort } from '../abort.ts'
import { evaluateText, type Scope } from '../expression/evaluate.ts'
import type { CallTree } from '../workflow/call-tree.ts'
import { callInputs } from '../workflow/inputs.ts'
import { mappingOf } from '../workflow/tree.ts'
import { calledSecrets } from './call-frame.ts'
import { holdGroups } from './group-claim.ts'
import { recordEnded } from './job-run.ts'
import { combined, type Outcome, type RunState } from './run-state.ts'
import { type Instance, runWorkflow } from './workflow-run.ts'

/**
 * Runs a called workflow in the place of a job. The caller's concurrency group is held for all of it; `github` stays the
 * caller's, its `env` is not passed on (docs: reusing-workflow-configurations).
 */
export async function runCall(run: RunState, instance: Instance, called: CallTree): Promise<Outcome> {
  const { frame, scope, name } = instance
  const { definition } = instance.planned
  const { hub } = run.platform
  const base = { github: run.github, vars: hub.variables }
  const inputs = callInputs(called.workflow.callInputs, definition.with, scope, {
    contexts: { ...base, inputs: {} },
  })
  const own: Scope = { contexts: { ...base, inputs } }
  const groups = [
    { tree: definition.concurrency, scope },
    { tree: called.workflow.concurrency, scope: own },
  ]
  const stop = createAbort()
  const end = () => {
    if (run.dead.signal.aborted || instance.siblings.aborted || !instance.wanted()) stop.abort()
  }
  for (const signal of [run.cancelled.signal, run.dead.signal, instance.siblings])
    signal.addEventListener('abort', end, { once: true })
  // A newer claim cancels what runs inside; the run's other jobs go on.
  const inside = createAbort()
  const cancel = () => inside.abort('cancelled')
  const held = await holdGroups(run, { groups, held: frame.held, name, signal: stop.signal, cancel })
  if (!held.granted) return recordEnded(run, name, 'cancelled', held.reason)
  try {
    const scoped = stoppable(run, [instance.siblings, inside.signal])
    const outcomes = await runWorkflow(scoped, called, {
      inputs,
      ...calledSecrets(definition, frame, scope),
      prefix: `${name} / `,
      ancestors: instance.ancestors,
      held: [...frame.held, ...held.names],
    })
    const jobs = Object.fromEntries(outcomes)
    const results: Scope = { contexts: { ...own.contexts, jobs } }
    const outputs: Record<string, string> = {}
    for (const [output, body] of called.workflow.callOutputs) {
      const value = evaluateText(mappingOf(body).get('value'), results)
      if (value !== '') outputs[output] = value
    }
    return { result: combined([...outcomes.values()].map((outcome) => outcome.result)), outputs }
  } finally {
    held.release()
    for (const signal of [run.cancelled.signal, run.dead.signal, instance.siblings])
      signal.removeEventListener('abort', end)
  }
}

/** The same run, in which also the given signals cancel. */
function stoppable(run: RunState, signals: AbortSignal[]): RunState {
  const cancelled = createAbort()
  for (const signal of [run.cancelled.signal, ...signals]) {
    if (signal.aborted) cancelled.abort('cancelled')
    else signal.addEventListener('abort', () => cancelled.abort('cancelled'), { once: true })
  }
  return { ...run, cancelled }
}
