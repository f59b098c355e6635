import { called, type Field, type House, needsOf, ownAction, type Step, type Workflow } from './house.ts'

type Rule = (workflow: Workflow, house: House) => string[]

const everyStep = ({ jobs }: Workflow): Array<{ job: string; step: Step }> =>
  Object.entries(jobs).flatMap(([job, { steps = [] }]) => steps.map((step) => ({ job, step })))

/** The fixed path at which a caller puts a deployment of their own. */
const callersAction = './.github/actions/relman-deploy'

const ownByItself: Rule = (workflow, house) => {
  const steps = everyStep(workflow)
    .filter(({ step: { uses } }) => uses && !uses.includes('@') && uses !== callersAction)
    .filter(({ step }) => !ownAction(house, step.uses))
    .map(({ job, step }) => `${job}: ${step.uses} is no action of ours by $/`)
  const calls = Object.entries(workflow.jobs)
    .filter(([, { uses }]) => uses && !called(house, uses))
    .map(([job, { uses }]) => `${job}: ${uses} is no workflow of ours by $/`)
  return [...steps, ...calls]
}

const pinned: Rule = ({ text }) =>
  text
    .split('\n')
    .filter((line) => /^\s*(- )?uses: [^$.]/.test(line))
    .filter((line) => !/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))
    .map((line) => `not pinned by commit with its version beside it: ${line.trim()}`)

const inputFaults = (place: string, given: Record<string, unknown>, fields: Record<string, Field>) => [
  ...Object.keys(given)
    .filter((name) => !fields[name])
    .map((name) => `${place} has no input ${name}`),
  ...Object.entries(fields)
    .filter(([name, { required }]) => required && !(name in given))
    .map(([name]) => `${place} lacks the input ${name}`),
]

const inputsExist: Rule = (workflow, house) => {
  const steps = everyStep(workflow).flatMap(({ job, step }) => {
    const action = ownAction(house, step.uses)
    return action ? inputFaults(`${job}: ${step.uses}`, step.with ?? {}, action.inputs) : []
  })
  const calls = Object.entries(workflow.jobs).flatMap(([name, job]) => {
    const call = called(house, job.uses)?.call
    if (!call) return []
    const secrets = job.secrets === 'inherit' ? {} : (job.secrets ?? {})
    return [
      ...inputFaults(name, job.with ?? {}, call.inputs ?? {}),
      ...inputFaults(`${name} (secrets)`, secrets, call.secrets ?? {}),
    ]
  })
  return [...steps, ...calls]
}

const mentioned = (value: unknown, pattern: RegExp): string[][] =>
  [...JSON.stringify(value ?? null).matchAll(pattern)].map((match) => match.slice(1))

const outputsOf = (workflow: Workflow, house: House, job: string): string[] => {
  const found = workflow.jobs[job]
  return Object.keys(called(house, found?.uses)?.call?.outputs ?? found?.outputs ?? {})
}

const outputsExist: Rule = (workflow, house) => {
  const inJobs = Object.entries(workflow.jobs).flatMap(([name, job]) => [
    ...mentioned(job, /\bneeds\.([\w-]+)\./g)
      .filter(([from = '']) => !needsOf(job).includes(from))
      .map(([from]) => `${name} reads needs.${from} without needing it`),
    ...mentioned(job, /\bneeds\.([\w-]+)\.outputs\.([\w-]+)/g)
      .filter(([from = '', output = '']) => !outputsOf(workflow, house, from).includes(output))
      .map(([from, output]) => `${name}: ${from} has no output ${output}`),
    ...mentioned(job, /\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g).flatMap(([id, output = '']) => {
      const step = job.steps?.find((step) => step.id === id)
      const action = ownAction(house, step?.uses)
      if (!step) return [`${name} has no step ${id}`]
      return action && !action.outputs[output] ? [`${name}: ${step.uses} has no output ${output}`] : []
    }),
  ])
  const ofTheCall = mentioned(workflow.call?.outputs, /\bjobs\.([\w-]+)\.outputs\.([\w-]+)/g)
    .filter(([from = '', output = '']) => !outputsOf(workflow, house, from).includes(output))
    .map(([from, output]) => `on.workflow_call: ${from} has no output ${output}`)
  return [...inJobs, ...ofTheCall]
}

const inputsDeclared: Rule = ({ jobs, call }) =>
  mentioned(jobs, /\b(inputs|secrets)\.([\w-]+)/g)
    .filter(([kind, name = '']) => call && !(kind === 'inputs' ? call.inputs : call.secrets)?.[name])
    .map(([kind, name]) => `${kind}.${name} is not declared`)

export const referenceRules = {
  'our own actions and workflows are referenced by $/': ownByItself,
  'every other action is pinned by commit': pinned,
  'inputs and secrets that are given exist, required ones are given': inputsExist,
  'outputs that are read are declared': outputsExist,
  'inputs and secrets that are read are declared': inputsDeclared,
} satisfies Record<string, Rule>
