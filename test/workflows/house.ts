import { parse } from 'yaml'
import { filesLike, read } from '../repo/tree.ts'

export type Scopes = Record<string, string>

export type Step = {
  id?: string
  uses?: string
  run?: string
  with?: Record<string, unknown>
  env?: Record<string, unknown>
}

export type Job = {
  needs?: string | string[]
  if?: string
  uses?: string
  with?: Record<string, unknown>
  secrets?: 'inherit' | Record<string, unknown>
  permissions?: Scopes | string
  concurrency?: string | { group: string; queue?: string; 'cancel-in-progress'?: boolean }
  environment?: string | { name: string; deployment?: boolean }
  outputs?: Record<string, string>
  steps?: Step[]
  'timeout-minutes'?: number
}

export type Field = { required?: boolean; default?: unknown; description?: string; type?: string }

export type Workflow = {
  /** Path from the root. */
  path: string
  text: string
  permissions?: Scopes | string
  concurrency?: unknown
  jobs: Record<string, Job>
  call?: {
    inputs?: Record<string, Field>
    secrets?: Record<string, Field>
    outputs?: Record<string, Field & { value?: string }>
  }
}

export type Action = { inputs: Record<string, Field>; outputs: Record<string, Field> }

/** All that a workflow of ours can refer to with `$/`. */
export type House = { workflows: Workflow[]; actions: Map<string, Action> }

export const readWorkflow = (path: string, text: string): Workflow => {
  const { jobs, permissions, concurrency, on } = parse(text)
  return { path, text, jobs, permissions, concurrency, call: on?.workflow_call }
}

/** The sources, which callers get as copies, and the project's own workflows, which start with a dot. */
export const readHouse = (): House => ({
  workflows: filesLike(/^(workflows\/[^/]+|\.github\/workflows\/\.[^/]+)\.yml$/).map((path) =>
    readWorkflow(path, read(path)),
  ),
  actions: new Map(
    filesLike(/^actions\/[^/]+\/action\.yml$/).map((path) => {
      const { inputs = {}, outputs = {} } = parse(read(path))
      return [path.split('/')[1] ?? '', { inputs, outputs }]
    }),
  ),
})

/** The workflow that `uses: $/.github/workflows/<name>.yml` calls, if there is one. */
export const called = (house: House, uses = ''): Workflow | undefined => {
  const name = /^\$\/\.github\/workflows\/(.+)$/.exec(uses)?.[1]
  return house.workflows.find(({ path }) => path === `workflows/${name}`)
}

/** The action that `uses: $/actions/<name>` runs, if there is one. */
export const ownAction = (house: House, uses = ''): Action | undefined =>
  house.actions.get(/^\$\/actions\/(.+)$/.exec(uses)?.[1] ?? '')

export const needsOf = ({ needs = [] }: Job): string[] => (typeof needs === 'string' ? [needs] : needs)

export const scopesOf = ({ permissions }: { permissions?: Scopes | string }): Scopes =>
  typeof permissions === 'object' && permissions !== null ? permissions : {}

const strength = (level = 'none'): number => ['none', 'read', 'write'].indexOf(level)

/** Scopes of `wanted` that `granted` does not cover. */
export const lacking = (wanted: Scopes, granted: Scopes): string[] =>
  Object.entries(wanted)
    .filter(([scope, level]) => strength(level) > strength(granted[scope]))
    .map(([scope, level]) => `${scope}: ${level}`)

/** The most that any job of a workflow asks for, through the workflows it calls. */
export const asked = (house: House, workflow: Workflow): Scopes => {
  const most: Scopes = {}
  for (const job of Object.values(workflow.jobs)) {
    const inner = called(house, job.uses)
    for (const scopes of [scopesOf(job), inner ? asked(house, inner) : {}]) {
      for (const [scope, level] of Object.entries(scopes)) {
        if (strength(level) > strength(most[scope])) most[scope] = level
      }
    }
  }
  return most
}
