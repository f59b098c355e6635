import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { recordReasons } from '@relman/core/record/record-error'
import { verdictReasons } from '@relman/core/verdict/verdict-reasons'
import { markdownTable } from 'markdown-table'
import { parse } from 'yaml'
import { names } from '../actions/dispatch.ts'

type Field = { description?: string; default?: string | boolean; required?: boolean }
type Fields = Record<string, Field>
type Action = { description: string; inputs: Fields; outputs: Fields }
type Job = { uses?: string; permissions?: Record<string, string> }
type Workflow = {
  on: { workflow_call: { inputs?: Fields; secrets?: Fields; outputs?: Fields } }
  jobs: Record<string, Job>
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8')
const actions = names.filter((name) => name !== 'relman')
const workflows = readdirSync(join(root, 'workflows'))
  .filter((file) => file.endsWith('.yml'))
  .sort()

const cell = (text: string) =>
  text
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()
const word = (text: string) => `\`${cell(text)}\``
const table = (head: string[], rows: string[][]) => markdownTable([head, ...rows], { alignDelimiters: false })
const fallback = ({ required, default: value = '' }: Field) =>
  required ? 'required' : value === '' ? '' : word(String(value))

const inputs = (fields: Fields = {}) =>
  table(
    ['input', 'default', 'what it is'],
    Object.entries(fields).map(([name, field]) => [
      word(name),
      fallback(field),
      cell(field.description ?? ''),
    ]),
  )
const described = (kind: string, fields: Fields = {}) =>
  table(
    [kind, 'what it is'],
    Object.entries(fields).map(([name, { description = '' }]) => [word(name), cell(description)]),
  )

/** Puts a table between its two marks; a page without them would silently go stale. */
const between = (page: string, name: string, text: string): string => {
  const marks = new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- /${name} -->)`)
  if (!marks.test(page)) throw new Error(`a README of an action lacks <!-- ${name} --> and <!-- /${name} -->`)
  return page.replace(marks, (_, open, close) => `${open}\n${text}\n${close}`)
}

/** What an action's README says of its reason codes: one place to write, two to read. */
const reasons = (name: string, readme: string): string => {
  const found = /^## .*reason codes\n+([\s\S]*?)(?=\n## |(?![\s\S]))/im.exec(readme)?.[1]?.trim()
  if (!found) throw new Error(`actions/${name}/README.md has no section "Reason codes"`)
  return found.replaceAll(/\]\((?!https?:|#)/g, `](actions/${name}/`)
}

const actionSection = (name: string): string => {
  const action = parse(read('actions', name, 'action.yml')) as Action
  const page = between(read('actions', name, 'README.md'), 'inputs', inputs(action.inputs))
  const readme = between(page, 'outputs', described('output', action.outputs))
  writeFileSync(join(root, 'actions', name, 'README.md'), readme)
  return [
    `## ${name}`,
    `\`uses: org/relman/actions/${name}@v1\`: ${cell(action.description)}. [More](actions/${name}/README.md)`,
    inputs(action.inputs),
    described('output', action.outputs),
    `### Reason codes of ${name}`,
    reasons(name, readme),
  ].join('\n\n')
}

/** The most that any job asks for, through the workflows that it calls. */
const asked = (workflow: Workflow): Map<string, string> => {
  const most = new Map<string, string>()
  for (const { uses = '', permissions = {} } of Object.values(workflow.jobs)) {
    const inner = /^\$\/\.github\/workflows\/(.+)$/.exec(uses)?.[1]
    const below = inner ? asked(parse(read('workflows', inner)) as Workflow) : []
    for (const [scope, level] of [...Object.entries(permissions), ...below]) {
      if (most.get(scope) !== 'write') most.set(scope, level)
    }
  }
  return most
}

const workflowSection = (file: string): string => {
  const workflow = parse(read('workflows', file)) as Workflow
  const call = workflow.on.workflow_call
  const grant = [...asked(workflow)].sort().map(([scope, level]) => word(`${scope}: ${level}`))
  return [
    `## ${file}`,
    `\`uses: org/relman/.github/workflows/${file}@v1\` [More](workflows/${file.replace('.yml', '.md')})`,
    `The calling job grants ${grant.join(', ')}.`,
    ...(call.inputs ? [inputs(call.inputs)] : []),
    ...(call.secrets ? [described('secret', call.secrets)] : []),
    ...(call.outputs ? [described('output', call.outputs)] : []),
  ].join('\n\n')
}

const ofEveryAction: Record<string, string> = {
  'configuration-error': 'an input or the configuration is wrong; the message names the place and the fix',
  defect: 'something nobody foresaw; please report it with the log',
  'permission-missing':
    "the token lacks a permission; the message names it as a workflow's `permissions` would",
  'rate-limited': 'GitHub asks to wait longer than the job may',
  'github-unavailable': 'GitHub did not answer within the budget of tries',
  'github-refused': 'GitHub answered and said no',
  ...recordReasons,
}

const meanings = (codes: Record<string, string>) =>
  table(
    ['reason-code', 'means'],
    Object.entries(codes).map(([code, meaning]) => [word(code), cell(meaning)]),
  )

const catalog = [
  '<!-- Written by `npm run generate` from each action.yml, each workflow and the reason codes of each README. -->',
  '# Action catalog',
  'Every action has three outputs beside its own: `decision`, `reason-code` and `result` (one versioned JSON document, [schema](docs/schemas/result.json)). Every action takes `dry-run`: it says what it would do and writes nothing.',
  '# Actions',
  ...actions.map(actionSection),
  '## Reason codes of every action',
  meanings(ofEveryAction),
  '## Reasons of a verdict',
  'What the judge says of a step and of each metric, in `canary-step`, `verify-metrics` and `rollback`.',
  meanings(verdictReasons),
  '# Reusable workflows',
  ...workflows.map(workflowSection),
].join('\n\n')
writeFileSync(join(root, 'action-catalog.md'), `${catalog}\n`)
