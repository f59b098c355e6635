import type { Environment } from '../../github/hub.ts'
import type { Result } from '../events.ts'
import { evaluateTexts, type Scope } from '../expression/evaluate.ts'
import type { JobDefinition } from '../workflow/workflow.ts'

/** What a workflow gets from who started it: the event, or the job that calls it. */
export type CallFrame = {
  inputs: Record<string, unknown>
  secrets: Record<string, string>
  /** Names of environment secrets that its jobs can see. */
  environmentSecrets: 'all' | string[]
  /** `caller / ` in the names of its jobs. */
  prefix: string
  /** Results of all jobs that the calling job stands on, directly or not. */
  ancestors: Result[]
  /** Concurrency groups held by the run and the calling jobs, in lower case. */
  held: string[]
}

/**
 * Secrets of a called workflow: those that are named, or all of the caller's with `inherit`; each level passes on only
 * what it has (docs: reuse-workflows#passing-inputs-and-secrets). Without `inherit` secrets of an environment are empty
 * in it, but one passed under the same name is overridden (I:actions/runner#4453, #1490).
 */
export function calledSecrets(
  definition: JobDefinition,
  frame: CallFrame,
  scope: Scope,
): Pick<CallFrame, 'secrets' | 'environmentSecrets'> {
  const { secrets } = definition
  if (secrets === 'inherit') return { secrets: frame.secrets, environmentSecrets: frame.environmentSecrets }
  if (secrets === undefined) return { secrets: {}, environmentSecrets: [] }
  const named = evaluateTexts(secrets, { ...scope, contexts: { ...scope.contexts, secrets: frame.secrets } })
  return { secrets: named, environmentSecrets: Object.keys(named) }
}

/** Secrets that a job sees: those of its workflow, under those of its environment. */
export function jobSecrets(frame: CallFrame, environment: Environment | undefined): Record<string, string> {
  const own = Object.entries(environment?.secrets ?? {}).filter(
    ([name]) =>
      frame.environmentSecrets === 'all' ||
      frame.environmentSecrets.some((known) => known.toLowerCase() === name.toLowerCase()),
  )
  const overridden = new Set(own.map(([name]) => name.toLowerCase()))
  const others = Object.entries(frame.secrets).filter(([name]) => !overridden.has(name.toLowerCase()))
  return Object.fromEntries([...others, ...own])
}
