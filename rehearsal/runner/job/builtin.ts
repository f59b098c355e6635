import type { Permissions } from '../workflow/permissions.ts'

export type BuiltinCall = {
  inputs: Record<string, string>
  env: Record<string, string>
  workspace: string
  temp: string
  /** The `github` context. */
  github: Record<string, unknown>
  token: string
  permissions: Permissions
  cancel: AbortSignal
  log(line: string): void
}

/**
 * Stands in for an external action that cannot be fetched here. Throws an Error to fail the step.
 * @returns the step's outputs
 */
export type Builtin = (call: BuiltinCall) => Promise<Record<string, string>>
