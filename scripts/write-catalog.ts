import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { markdownTable } from 'markdown-table'
import { parse } from 'yaml'

type Field = { description?: string; default?: string | boolean; required?: boolean; type?: string }
type Fields = Record<string, Field>
type Job = { name?: string; permissions?: Record<string, string> }
type Workflow = {
  name: string
  on: { workflow_call: { inputs?: Fields; secrets?: Fields; outputs?: Fields } }
  jobs: Record<string, Job>
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8')
const folders = readdirSync(join(root, 'actions'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
const names = folders.map((entry) => entry.name).sort()
const workflows = readdirSync(join(root, 'workflows')).filter((file) => file.endsWith('.yml')).sort()

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ').trim()
const shown = (field: Field) =>
  field.required ? 'required' : field.default === undefined || field.default === '' ? '' : `\`${cell(String(field.default))}\``

const inputs = (fields: Fields = {}) =>
  markdownTable([
    ['input', 'default', 'what it is'],
    ...Object.entries(fields).map(([name, field]) => [`\`${name}\``, shown(field), cell(field.description ?? '')]),
  ])
const outputs = (fields: Fields = {}) =>
  markdownTable([
    ['output', 'what it is'],
    ...Object.entries(fields).map(([name, field]) => [`\`${name}\``, cell(field.description ?? '')]),
  ])

/** What an action's README says of its reason codes: one place to read, one place to write. */
const reasons = (readme: string) => /## Reason codes\n+([\s\S]*?)(?=\n## |$)/.exec(readme)?.[1]?.trim() ?? ''

const between = (text: string, name: string, table: string) =>
  text.replace(new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- /${name} -->)`), (_, open, close) => `${open}\n${table}\n${close}`)

const permissions = (workflow: Workflow) => {
  const needed = new Map<string, string>()
  for (const job of Object.values(workflow.jobs)) {
    for (const [scope, level] of Object.entries(job.permissions ?? {})) {
      if (needed.get(scope) !== 'write') needed.set(scope, level)
    }
  }
  return [...needed].sort().map(([scope, level]) => `\`${scope}: ${level}\``).join(', ')
}

const actionSection = (name: string): string => {
  const action = parse(read('actions', name, 'action.yml')) as { description: string; inputs: Fields; outputs: Fields }
  const readme = between(
    between(read('actions', name, 'README.md'), 'inputs', inputs(action.inputs)),
    'outputs',
    outputs(action.outputs),
  )
  writeFileSync(join(root, 'actions', name, 'README.md'), readme)
  return [
    `## ${name}`,
    `\`uses: org/relman/actions/${name}@v1\` — ${action.description.trim()} [More](actions/${name}/README.md)`,
    inputs(action.inputs),
    outputs(action.outputs),
    '### Reason codes',
    reasons(readme),
  ].join('\n\n')
}

const workflowSection = (file: string): string => {
  const workflow = parse(read('workflows', file)) as Workflow
  const call = workflow.on.workflow_call
  return [
    `## ${file}`,
    `\`uses: org/relman/.github/workflows/${file}@v1\` — [more](workflows/${file.replace('.yml', '.md')})`,
    `The calling job must grant: ${permissions(workflow)}.`,
    inputs(call.inputs),
    ...(call.secrets ? [outputs(call.secrets).replace('| output', '| secret')] : []),
    ...(call.outputs ? [outputs(call.outputs)] : []),
  ].join('\n\n')
}

const catalog = [
  '# Action catalog',
  'Written by `npm run catalog` from every `action.yml`, every workflow and the reason codes of each README. Every action has three more outputs: `decision`, `reason-code` and `result` (one versioned JSON document, [schema](docs/schemas/result.json)).',
  '# Actions',
  ...names.map(actionSection),
  '# Reusable workflows',
  ...workflows.map(workflowSection),
].join('\n\n')
writeFileSync(join(root, 'action-catalog.md'), `${catalog}\n`)
