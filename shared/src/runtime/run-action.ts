import * as core from '@actions/core'
import type { z } from 'zod'
import { ConfigurationError } from '../config/configuration-error.ts'
import { readInputs } from './inputs.ts'
import type { Outcome } from './outcome.ts'
import { publishOutcome } from './publish-outcome.ts'
import { type RunContext, readRunContext } from './run-context.ts'

export type Verb<Input> = (input: Input, context: RunContext, signal: AbortSignal) => Promise<Outcome>

/** GitHub sends SIGINT, SIGTERM 7.5 s later and kills 2.5 s after that (runner, ProcessInvoker.cs). */
const graceMilliseconds = 9_000

/**
 * The life of an action: inputs once, the verb with an AbortSignal, the outcome published, errors told apart. A
 * ConfigurationError is shown without a stack; anything else is a defect and shows one.
 */
export const runAction = async <Schema extends z.ZodObject>(
  action: string,
  schema: Schema,
  verb: Verb<z.output<Schema>>,
): Promise<void> => {
  const abort = new AbortController()
  const stop = (name: NodeJS.Signals) => {
    // A second signal must not cut short what the first one began: the runner sends SIGTERM after SIGINT.
    if (abort.signal.aborted) return
    abort.abort(new Error(`stopped by ${name}`))
    setTimeout(() => process.exit(1), graceMilliseconds).unref()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  try {
    const input = readInputs(schema, (name) => core.getInput(name))
    const dryRun = (input as Record<string, unknown>)['dry-run'] === true
    const outcome = await verb(input, readRunContext(process.env), abort.signal)
    await publishOutcome(action, outcome, dryRun)
    if (outcome.failed) process.exitCode = 1
  } catch (error) {
    await publishFailure(action, error)
  }
  // An open socket or timer of a library must not hold the job.
  await new Promise((done) => process.stdout.write('', done))
  process.exit()
}

const publishFailure = async (action: string, error: unknown): Promise<void> => {
  process.exitCode = 1
  const known = error instanceof ConfigurationError
  const message = error instanceof Error ? error.message : String(error)
  await publishOutcome(
    action,
    {
      decision: 'error',
      reasonCode: known ? 'configuration-error' : codeOf(error),
      message,
      failed: true,
      outputs: {},
      data: {},
      summary: '',
    },
    false,
  )
  if (!known && error instanceof Error && error.stack) core.debug(error.stack)
}

/** Refusals of GitHub and of the record carry a stable code; what carries none is a defect. */
const codeOf = (error: unknown): string => {
  const code = (error as { reasonCode?: unknown } | null)?.reasonCode
  return typeof code === 'string' && /^[a-z0-9-]+$/.test(code) ? code : 'defect'
}
