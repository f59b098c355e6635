import type { Permissions } from './permissions.ts'
import type { Mapping, Tree } from './tree.ts'

/** A step as written; values may hold expressions that are evaluated when the step starts. */
export type StepDefinition = {
  id: string
  /** GitHub's parser has already wrapped it: `success() && (...)` unless it names a status function. */
  if: string
  name?: Tree
  uses?: string
  run?: Tree
  with: Mapping
  env: Mapping
  shell?: Tree
  workingDirectory?: Tree
  timeoutMinutes?: Tree
  continueOnError?: Tree
}

export type JobDefinition = {
  id: string
  if: string
  needs: string[]
  steps: StepDefinition[]
  env: Mapping
  outputs: Mapping
  with: Mapping
  defaults: Mapping
  name?: Tree
  permissions?: Permissions
  environment?: Tree
  concurrency?: Tree
  strategy?: Tree
  timeoutMinutes?: Tree
  continueOnError?: Tree
  uses?: string
  secrets?: 'inherit' | Mapping
}

export type InputDefinition = {
  name: string
  type: 'string' | 'number' | 'boolean' | 'choice' | 'environment'
  required: boolean
  default?: Tree
  options?: string[]
}

/** One workflow file. */
export type Workflow = {
  path: string
  name: string
  runName?: Tree
  on: Mapping
  env: Mapping
  defaults: Mapping
  permissions?: Permissions
  concurrency?: Tree
  jobs: JobDefinition[]
  callInputs: InputDefinition[]
  dispatchInputs: InputDefinition[]
  callOutputs: Mapping
}
