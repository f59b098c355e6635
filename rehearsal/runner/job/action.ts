import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NoOperationTraceWriter } from '@actions/workflow-parser'
import { convertActionTemplate, parseAction } from '@actions/workflow-parser/actions/index'
import { stepOf } from '../workflow/read.ts'
import { parseReference, type Source } from '../workflow/source.ts'
import { type Mapping, mappingOf, type Tree, textOf, treeOf } from '../workflow/tree.ts'
import type { StepDefinition } from '../workflow/workflow.ts'
import type { Machine } from './state.ts'

export class ActionFault extends Error {}

export type NodeRuns = {
  kind: 'node'
  main: string
  pre?: string
  preIf: string
  post?: string
  postIf: string
}
export type CompositeRuns = { kind: 'composite'; steps: StepDefinition[]; outputs: Mapping }

export type Action = {
  folder: string
  source: Source
  inputs: Map<string, { default?: Tree; deprecation?: string }>
  runs: NodeRuns | CompositeRuns
  repository: string
  ref: string
}

export type Located =
  | { kind: 'folder'; folder: string; source: Source; local: boolean; repository: string; ref: string }
  | { kind: 'builtin'; name: string }

/**
 * Where `uses:` of a step leads. `./` is a path in the workspace, looked up when the step runs; `$/` is the repository
 * and commit of the file it is written in (docs: workflow-syntax#jobsjob_idstepsuses; runner commit dde968bf5).
 * @throws ActionFault when the action is neither here nor replaced by a built-in one.
 */
export function locateAction(uses: string, from: Source, machine: Machine): Located {
  const own = { repository: from.repository, ref: from.ref }
  if (uses.startsWith('./')) {
    const caller = machine.caller
    return {
      kind: 'folder',
      folder: join(machine.workspace, uses),
      source: caller,
      local: true,
      repository: '',
      ref: '',
    }
  }
  if (uses.startsWith('$/'))
    return { kind: 'folder', folder: join(from.folder(), uses.slice(2)), source: from, local: false, ...own }
  const reference = parseReference(uses)
  if (!reference)
    throw new ActionFault(
      `'${uses}' is not an action that can run here: expected owner/name/path@ref, ./path or $/path`,
    )
  const { repository, path, ref } = reference
  const source = machine.sources.find(repository, ref)
  if (source)
    return { kind: 'folder', folder: join(source.folder(), path), source, local: false, repository, ref }
  const name = path === '' ? repository : `${repository}/${path}`
  if (Object.hasOwn(machine.builtins, name)) return { kind: 'builtin', name }
  throw new ActionFault(
    `Unable to resolve action '${uses}': it is not part of this rehearsal, and no built-in action replaces '${name}'`,
  )
}

/** Reads action.yml or action.yaml with GitHub's own schema. @throws ActionFault */
export function loadAction(located: Extract<Located, { kind: 'folder' }>): Action {
  const { folder, source, repository, ref } = located
  const path = ['action.yml', 'action.yaml']
    .map((name) => join(folder, name))
    .find((file) => existsSync(file))
  if (!path)
    throw new ActionFault(
      `Can't find 'action.yml' or 'action.yaml' under '${folder}'. Did you forget to run actions/checkout before running your local action?`,
    )
  const { context, value } = parseAction(
    { name: path, content: readFileSync(path, 'utf8') },
    new NoOperationTraceWriter(),
  )
  const template = value && convertActionTemplate(context, value)
  const errors = context.errors.getErrors().map((error) => error.message)
  if (!value || errors.length > 0) throw new ActionFault(errors.join('; '))
  const root = mappingOf(treeOf(value))
  const runs = mappingOf(root.get('runs'))
  const using = textOf(runs.get('using')) ?? ''
  const inputs: Action['inputs'] = new Map()
  for (const [name, body] of mappingOf(root.get('inputs'))) {
    const fallback = mappingOf(body).get('default')
    const deprecation = textOf(mappingOf(body).get('deprecationMessage'))
    inputs.set(name, {
      ...(fallback === undefined ? {} : { default: fallback }),
      ...(deprecation ? { deprecation } : {}),
    })
  }
  const common = { folder, source, inputs, repository, ref }
  if (using === 'node20' || using === 'node24') {
    const file = (key: string) => textOf(runs.get(key))
    const [pre, post] = [file('pre'), file('post')]
    // pre-if and post-if default to always() (docs: metadata-syntax).
    const node: NodeRuns = {
      kind: 'node',
      main: file('main') ?? '',
      preIf: file('pre-if') ?? 'always()',
      postIf: file('post-if') ?? 'always()',
      ...(pre ? { pre } : {}),
      ...(post ? { post } : {}),
    }
    return { ...common, runs: node }
  }
  if (using !== 'composite')
    throw new ActionFault(`${path}: 'using: ${using}' cannot run here; node20, node24 and composite can`)
  const converted = template?.runs.using === 'composite' ? template.runs.steps : []
  const steps = (runs.get('steps') as Tree[] | undefined) ?? []
  return {
    ...common,
    runs: {
      kind: 'composite',
      outputs: mappingOf(root.get('outputs')),
      steps: steps.map((step, index) => {
        const body = mappingOf(step)
        const from = converted[index] as { if?: { expression: string } } | undefined
        return stepOf(body, textOf(body.get('id')) ?? `__${index}`, from?.if?.expression ?? 'success()')
      }),
    },
  }
}
