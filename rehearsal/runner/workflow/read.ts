import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
import { permissionsOf } from './permissions.ts'
import { type Mapping, mappingOf, type Tree, textOf, treeOf } from './tree.ts'
import type { InputDefinition, JobDefinition, StepDefinition, Workflow } from './workflow.ts'

export type WorkflowFile = { name: string; content: string }
/** Content of a workflow that the file calls by `./` or `$/` (both its own repository) or by name. */
export type FindCalled = (reference: string) => WorkflowFile | undefined

/**
 * Parses one workflow file with GitHub's parser and schema. The parser also checks `needs` (unknown jobs, cycles),
 * conditions, and inputs and secrets against the called files.
 * @returns the workflow, or every error with file, line and column.
 */
export async function readWorkflow(
  file: WorkflowFile,
  findCalled: FindCalled,
): Promise<{ workflow: Workflow; errors: [] } | { workflow?: undefined; errors: string[] }> {
  const { context, value } = parseWorkflow(file, new NoOperationTraceWriter())
  const errors = () => [...new Set(context.errors.getErrors().map((error) => error.message))]
  if (!value || errors().length > 0) return { errors: errors() }
  const template = await convertWorkflowTemplate(
    context,
    value,
    {
      getFileContent: async (reference) => {
        const found = findCalled(
          'repository' in reference
            ? `${reference.owner}/${reference.repository}/${reference.path}@${reference.version}`
            : `./${reference.path}`,
        )
        if (!found) throw new Error('not found')
        return found
      },
    },
    { fetchReusableWorkflowDepth: 1, maxReusableWorkflowDepth: 10 },
  )
  if (errors().length > 0) return { errors: errors() }
  const root = mappingOf(treeOf(value))
  const on = eventsOf(root.get('on'))
  const conditions = new Map(template.jobs.map((job) => [job.id.value, job]))
  const jobs = [...mappingOf(root.get('jobs'))].map(([id, body]) => {
    const converted = conditions.get(id)
    const stepsOfJob = converted?.type === 'job' ? converted.steps : []
    const steps = (mappingOf(body).get('steps') ?? []) as Tree[]
    return jobOf(
      id,
      mappingOf(body),
      converted?.if.expression ?? 'success()',
      steps.map((step, index) => {
        const from = stepsOfJob[index]
        return stepOf(mappingOf(step), from?.id ?? `__${index}`, from?.if?.expression ?? 'success()')
      }),
    )
  })
  const workflow: Workflow = {
    path: file.name,
    name: textOf(root.get('name')) ?? file.name,
    on,
    env: mappingOf(root.get('env')),
    defaults: mappingOf(root.get('defaults')),
    jobs,
    callInputs: inputsOf(mappingOf(on.get('workflow_call')).get('inputs')),
    dispatchInputs: inputsOf(mappingOf(on.get('workflow_dispatch')).get('inputs')),
    callOutputs: mappingOf(mappingOf(on.get('workflow_call')).get('outputs')),
    ...present({
      runName: root.get('run-name'),
      permissions: permissionsOf(root.get('permissions')),
      concurrency: root.get('concurrency'),
    }),
  }
  const wrong = [
    ...[...mappingOf(root.get('jobs'))].flatMap(([id, body]) =>
      unsupported(mappingOf(body), `${file.name}, job '${id}'`),
    ),
    ...queueErrors(workflow.concurrency, file.name),
    ...jobs.flatMap((job) => queueErrors(job.concurrency, `${file.name}, job '${job.id}'`)),
  ]
  return wrong.length > 0 ? { errors: wrong } : { workflow, errors: [] }
}

/** What needs a container engine cannot run here, and must not be left out in silence. */
function unsupported(job: Mapping, place: string): string[] {
  const keys = ['container', 'services', 'snapshot'].filter((key) => job.has(key))
  return keys.map((key) => `${place}: '${key}' cannot run in a rehearsal`)
}

/** `on:` of a file, without looking at what it calls; undefined where the file does not parse. */
export function readEvents(file: WorkflowFile): Mapping | undefined {
  const { context, value } = parseWorkflow(file, new NoOperationTraceWriter())
  if (!value || context.errors.getErrors().length > 0) return undefined
  return eventsOf(mappingOf(treeOf(value)).get('on'))
}

// `queue: max` with `cancel-in-progress: true` is a validation error (GitHub changelog 2026-05-07).
function queueErrors(concurrency: Tree | undefined, place: string): string[] {
  const setting = mappingOf(concurrency)
  if (setting.get('queue') !== 'max' || setting.get('cancel-in-progress') !== true) return []
  return [`${place}: concurrency 'queue: max' cannot be combined with 'cancel-in-progress: true'`]
}

/** `on: push`, `on: [push]` and `on: { push: … }` in one shape. */
function eventsOf(on: Tree | undefined): Mapping {
  if (typeof on === 'string') return new Map([[on, null]])
  if (Array.isArray(on)) return new Map(on.map((event) => [String(event), null]))
  return mappingOf(on)
}

function inputsOf(inputs: Tree | undefined): InputDefinition[] {
  return [...mappingOf(inputs)].map(([name, body]) => {
    const input = mappingOf(body)
    const options = input.get('options')
    return {
      name,
      type: (textOf(input.get('type')) ?? 'string') as InputDefinition['type'],
      required: input.get('required') === true,
      ...present({ default: input.get('default') }),
      ...(Array.isArray(options) ? { options: options.map(String) } : {}),
    }
  })
}

function jobOf(id: string, job: Mapping, condition: string, steps: StepDefinition[]): JobDefinition {
  const needs = job.get('needs')
  const secrets = job.get('secrets')
  return {
    id,
    if: condition,
    needs: typeof needs === 'string' ? [needs] : Array.isArray(needs) ? needs.map(String) : [],
    steps,
    env: mappingOf(job.get('env')),
    outputs: mappingOf(job.get('outputs')),
    with: mappingOf(job.get('with')),
    defaults: mappingOf(job.get('defaults')),
    ...present({
      name: job.get('name'),
      permissions: permissionsOf(job.get('permissions')),
      environment: job.get('environment'),
      concurrency: job.get('concurrency'),
      strategy: job.get('strategy'),
      timeoutMinutes: job.get('timeout-minutes'),
      continueOnError: job.get('continue-on-error'),
      uses: textOf(job.get('uses')),
    }),
    ...(secrets === 'inherit' || secrets instanceof Map ? { secrets } : {}),
  }
}

/** One step from its mapping; shared by workflows and composite actions. */
export function stepOf(step: Mapping, id: string, condition: string): StepDefinition {
  return {
    id,
    if: condition,
    with: mappingOf(step.get('with')),
    env: mappingOf(step.get('env')),
    ...present({
      name: step.get('name'),
      uses: textOf(step.get('uses')),
      run: step.get('run'),
      shell: step.get('shell'),
      workingDirectory: step.get('working-directory'),
      timeoutMinutes: step.get('timeout-minutes'),
      continueOnError: step.get('continue-on-error'),
    }),
  }
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function present<T extends Record<string, unknown>>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>
}
