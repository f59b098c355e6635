import type { StepDefinition } from '../workflow/workflow.ts'
import { type ActionState, runAction } from './action-step.ts'
import { runScript } from './script-step.ts'
import type { Frame } from './state.ts'
import type { Runnable } from './step.ts'

/** A step of a workflow or of a composite action, ready to start. */
export function runnableOf(
  frame: Frame,
  step: StepDefinition,
  state: ActionState = { values: {}, postRegistered: false },
): Runnable {
  return {
    id: step.id,
    name: step.name ?? (step.uses ? `Run ${step.uses}` : firstLine(step)),
    condition: step.if,
    env: step.env,
    frame: { ...frame, contexts: withAction(frame, step.id) },
    execute: (call) => (step.uses ? runAction(call, step, state) : runScript(call, step)),
    ...(step.timeoutMinutes === undefined ? {} : { timeoutMinutes: step.timeoutMinutes }),
    ...(step.continueOnError === undefined ? {} : { continueOnError: step.continueOnError }),
  }
}

function firstLine(step: StepDefinition): string {
  return typeof step.run === 'string' ? `Run ${step.run.trim().split('\n')[0]}` : 'Run a script'
}

function withAction(frame: Frame, id: string): Record<string, unknown> {
  return { ...frame.contexts, github: { ...(frame.contexts.github as object), action: id } }
}
