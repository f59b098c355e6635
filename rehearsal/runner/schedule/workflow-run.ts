import { createAbort } from '../abort.ts'
import type { Result } from '../events.ts'
import { evaluate, evaluateText, holds, type Scope } from '../expression/evaluate.ts'
import { statusFunctions } from '../expression/status-functions.ts'
import type { CallTree, PlannedJob } from '../workflow/call-tree.ts'
import { jobName, type Strategy, strategyOf } from '../workflow/matrix.ts'
import { isExpression } from '../workflow/tree.ts'
import type { CallFrame } from './call-frame.ts'
import { runCall } from './called-run.ts'
import { recordEnded, runMachineJob } from './job-run.ts'
import { combined, type Outcome, type RunState } from './run-state.ts'

/** One job of a workflow, or one of its matrix, about to start. */
export type Instance = {
  planned: PlannedJob
  tree: CallTree
  frame: CallFrame
  name: string
  scope: Scope
  /** Asked to end because another job of the matrix failed. */
  siblings: AbortSignal
  /** Whether the job's `if` still holds; asked when the run is cancelled. */
  wanted(): boolean
  ancestors: Result[]
}

/** Runs all jobs of a workflow, each as soon as those it needs have ended. */
export async function runWorkflow(
  run: RunState,
  tree: CallTree,
  frame: CallFrame,
): Promise<Map<string, Outcome>> {
  const started = new Map<string, Promise<Outcome>>()
  const ended = new Map<string, Outcome>()
  const byId = new Map(tree.jobs.map((job) => [job.definition.id, job]))
  const start = (planned: PlannedJob): Promise<Outcome> => {
    const { id, needs } = planned.definition
    const known = started.get(id)
    if (known) return known
    const promise = (async () => {
      await Promise.all(needs.map((need) => byId.get(need)).map((needed) => needed && start(needed)))
      const outcome = await runPlanned(run, tree, planned, frame, ended, ancestorsOf(planned, byId))
      ended.set(id, outcome)
      return outcome
    })()
    started.set(id, promise)
    return promise
  }
  await Promise.all(tree.jobs.map(start))
  return ended
}

function ancestorsOf(
  planned: PlannedJob,
  byId: Map<string, PlannedJob>,
  seen = new Set<string>(),
): Set<string> {
  for (const need of planned.definition.needs) {
    if (seen.has(need)) continue
    seen.add(need)
    const next = byId.get(need)
    if (next) ancestorsOf(next, byId, seen)
  }
  return seen
}

async function runPlanned(
  run: RunState,
  tree: CallTree,
  planned: PlannedJob,
  frame: CallFrame,
  ended: Map<string, Outcome>,
  ancestorIds: Set<string>,
): Promise<Outcome> {
  const { definition } = planned
  const needs = Object.fromEntries(
    definition.needs.map((id) => [id, ended.get(id) ?? { result: 'skipped', outputs: {} }]),
  )
  const inside = [...ancestorIds].map((id) => ended.get(id)?.result ?? 'skipped')
  const ancestors = [...inside, ...frame.ancestors]
  const contexts = { github: run.github, inputs: frame.inputs, vars: run.platform.hub.variables, needs }
  const resultsOf = (names: string[]) =>
    names.length > 0
      ? names.map((name) => ended.get(name)?.result ?? 'skipped')
      : definition.needs.length > 0
        ? ancestors
        : inside
  // success() asks all jobs of the chain, not only the direct needs, so that a skipped or failed job far up stops a job
  // that does not say always(); for a needing job of a called workflow the chain reaches through the caller
  // (docs: expressions#failure; I:actions/runner#491, #2205). Nothing succeeds in a cancelled run
  // (docs: workflow-cancellation).
  const functions = statusFunctions({
    success: (names) =>
      !run.cancelled.signal.aborted && resultsOf(names).every((result) => result === 'success'),
    failure: (names) => resultsOf(names).includes('failure'),
    cancelled: () => run.cancelled.signal.aborted,
  })
  const scope: Scope = { contexts, functions }
  const plainScope: Scope = { contexts: { ...contexts, strategy: {}, matrix: {} } }
  const label =
    frame.prefix + jobName(typeof definition.name === 'string' ? definition.name : definition.id, [])
  const wanted = () => holds(definition.if, scope)
  let strategy: Strategy
  try {
    if (run.dead.signal.aborted || !wanted()) {
      const stopped = run.cancelled.signal.aborted && inside.every((result) => result === 'success')
      return recordEnded(run, label, stopped || run.dead.signal.aborted ? 'cancelled' : 'skipped')
    }
    strategy = strategyOf(definition.strategy, plainScope)
  } catch (error) {
    return recordEnded(run, label, 'failure', error)
  }
  const siblings = createAbort()
  const outcomes: Outcome[] = []
  const queue = strategy.combinations.map((combination, index) => async () => {
    const context = {
      'fail-fast': strategy.failFast,
      'job-index': index,
      'job-total': strategy.combinations.length,
      'max-parallel': Number.isFinite(strategy.maxParallel)
        ? strategy.maxParallel
        : strategy.combinations.length,
    }
    const own: Scope = { contexts: { ...contexts, strategy: context, matrix: combination.matrix } }
    const outcome = await runInstance(run, combination.segments, {
      planned,
      tree,
      frame,
      scope: own,
      siblings: siblings.signal,
      wanted,
      ancestors,
    })
    outcomes.push(outcome)
    // fail-fast ends the other jobs of the matrix (docs: workflow-syntax#jobsjob_idstrategyfail-fast).
    if (outcome.result === 'failure' && strategy.matrix && strategy.failFast) siblings.abort('cancelled')
  })
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await next()
  }
  await Promise.all(Array.from({ length: Math.min(strategy.maxParallel, queue.length) }, work))
  // The last job that set a non-empty value wins (docs: reuse-workflows#using-outputs-from-a-reusable-workflow).
  const outputs = Object.assign({}, ...outcomes.map((outcome) => outcome.outputs)) as Record<string, string>
  return { result: combined(outcomes.map((outcome) => outcome.result)), outputs }
}

async function runInstance(
  run: RunState,
  segments: string[],
  parts: Omit<Instance, 'name'>,
): Promise<Outcome> {
  const { definition } = parts.planned
  let name = parts.frame.prefix + definition.id
  try {
    // A name with an expression already tells the jobs of a matrix apart (runner: JobNameBuilder.cs).
    const own = isExpression(definition.name)
      ? evaluateText(definition.name, parts.scope)
      : jobName(String(definition.name ?? definition.id), segments)
    name = parts.frame.prefix + own
    const instance: Instance = { ...parts, name }
    if (run.dead.signal.aborted || parts.siblings.aborted) return recordEnded(run, name, 'cancelled')
    const outcome = await (parts.planned.called
      ? runCall(run, instance, parts.planned.called)
      : runMachineJob(run, instance))
    // continue-on-error lets the run pass, and the job counts as a success for those that need it
    // (docs: workflow-syntax#jobsjob_idcontinue-on-error).
    if (outcome.result === 'failure' && evaluate(definition.continueOnError ?? false, parts.scope) === true)
      return { ...outcome, result: 'success' }
    return outcome
  } catch (error) {
    return recordEnded(run, name, 'failure', error)
  }
}
