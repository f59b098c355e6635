import { type House, type Job, needsOf, type Workflow } from './house.ts'

type Rule = (workflow: Workflow, house: House) => string[]

const jobsThat = ({ jobs }: Workflow, is: (job: Job) => boolean): Array<[string, Job]> =>
  Object.entries(jobs).filter(([, job]) => is(job))

const runs =
  (action: string, operation?: string) =>
  ({ steps = [] }: Job): boolean =>
    steps.some(
      (step) => step.uses === `$/actions/${action}` && (!operation || step.with?.['operation'] === operation),
    )

const timed: Rule = (workflow) =>
  jobsThat(workflow, (job) => job.steps !== undefined && !((job['timeout-minutes'] ?? 0) > 0)).map(
    ([name]) => `${name} has no timeout-minutes`,
  )

/** Only the one deployment that the lock creates counts; a job's environment makes none of its own. */
const noSecondDeployment: Rule = (workflow) =>
  jobsThat(workflow, ({ environment }) => environment !== undefined)
    .filter(([, { environment }]) => typeof environment !== 'object' || environment.deployment !== false)
    .map(([name]) => `${name}: its environment lacks deployment: false`)

/** The project's own workflows deploy nothing: a newer push may throw out an older one. */
const isOwn = ({ path }: Workflow): boolean => path.startsWith('.github/workflows/.')

const nothingThrownOut: Rule = (workflow) => {
  if (isOwn(workflow)) return []
  const groups = [
    ['the workflow', workflow.concurrency] as const,
    ...Object.entries(workflow.jobs).map(([name, { concurrency }]) => [name, concurrency] as const),
  ]
  return groups
    .filter(([, group]) => group !== undefined)
    .filter(([, group]) => (group as { queue?: string } | null)?.queue !== 'max')
    .map(([name]) => `${name}: its concurrency group lacks queue: max`)
}

const concurrencyOnJobs: Rule = (workflow) =>
  isOwn(workflow) || workflow.concurrency === undefined
    ? []
    : ['a group on the workflow is held while somebody is asked']

const nothingInterpolated: Rule = ({ jobs }) =>
  Object.entries(jobs).flatMap(([name, { steps = [] }]) =>
    steps.filter(({ run = '' }) => run.includes('${{')).map(({ run }) => `${name}: ${run}`),
  )

/** A promotion to an earlier environment moves no traffic of production: there is nothing to bring back. */
const walks = (job: Job): boolean => runs('canary-step')(job) && !runs('canary-step', 'promote')(job)

const undoFollowsEveryWalk: Rule = (workflow) =>
  jobsThat(workflow, walks).flatMap(([walk]) => {
    const undo = jobsThat(workflow, runs('rollback', 'undo')).find(([, job]) => needsOf(job).includes(walk))
    if (!undo) return [`no job undoes ${walk}`]
    const [name, { if: condition = '' }] = undo
    const always = /^\$\{\{ always\(\) && /.test(condition) && !condition.includes('||')
    const failed = condition.includes(`needs.${walk}.result != 'success'`)
    return always && failed ? [] : [`${name} does not run whenever ${walk} did not succeed`]
  })

/** The environment of a way back is the one whose secrets it needs; the gate refuses it where it has reviewers. */
const undoWaitsForNobody: Rule = (workflow) =>
  jobsThat(workflow, runs('rollback')).flatMap(([name, { environment, concurrency, needs }]) => {
    const where = typeof environment === 'object' ? environment.name : environment
    const input = workflow.call?.inputs?.['environment']
    return [
      ...(where === undefined || where === `\${{ inputs.environment }}`
        ? []
        : [`${name} waits for ${where}`]),
      ...(where === undefined || /must have no reviewers/.test(input?.description ?? '')
        ? []
        : [`nothing says that the environment of ${name} has no reviewers`]),
      ...(concurrency === undefined ? [] : [`${name} waits in a concurrency group`]),
      ...needsOf({ needs: needs ?? [] })
        .filter((from) => workflow.jobs[from]?.concurrency !== undefined)
        .map((from) => `${name} waits for ${from}, which waits in a group`),
    ]
  })

export const jobRules = {
  'each job that runs steps has a time-out': timed,
  'an environment makes no deployment of its own': noSecondDeployment,
  'a concurrency group throws nobody out': nothingThrownOut,
  'no concurrency group on a whole workflow': concurrencyOnJobs,
  'no script contains an expression': nothingInterpolated,
  'an undo follows every walk that did not succeed': undoFollowsEveryWalk,
  'a way back waits for nobody': undoWaitsForNobody,
} satisfies Record<string, Rule>
