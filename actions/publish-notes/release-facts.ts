import type { Plan } from '@relman/core/plan/plan'
import type { RunContext } from '@relman/core/runtime/run-context'
import type { Inputs } from './inputs.ts'
import type { Ports } from './ports.ts'

export type ReleaseFacts = { input: Inputs; context: RunContext; ports: Ports; plan: Plan; digest: string }
