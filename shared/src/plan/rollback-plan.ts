import type { Config } from '../config/config.ts'
import { cut } from '../text/escape-markdown.ts'
import { showSeconds } from '../text/show-seconds.ts'
import type { Plan } from './plan.ts'

export type WayBack = {
  policy: Config
  version: string
  previous: Plan['previous']
  /** Files of this release that change a database. */
  migrations: readonly string[]
  migrationRisk?: Plan['migrationRisk']
  artifacts?: Plan['artifacts']
}

/** Whether relman can do nothing to bring the previous version back: it neither moves traffic nor deploys. */
export const isByHand = ({ traffic, deploy }: Config): boolean => !traffic && !deploy.command

/** Row P15: the steps in order, who takes them, when, how long at most, and what is not undone. Units: seconds. */
export const rollbackPlan = ({
  policy,
  version,
  previous,
  migrations,
  migrationRisk = null,
  artifacts = null,
}: WayBack): Plan['rollback'] => {
  const steps = [...trafficSteps(policy, version, previous), ...deploymentSteps(policy, version, previous)]
  return {
    steps,
    executor: policy.rollback.executor,
    triggers: triggers(policy),
    seconds: steps.reduce((sum, step) => sum + step.seconds, 0),
    database: database(policy, migrations, migrationRisk),
    state: policy.rollback.state,
    previous:
      previous === null
        ? null
        : policy.artifact
          ? returnedTo(artifacts, policy.artifact, previous.version)
          : previous.version,
  }
}

/** The artifact that is returned to, by its digest where it is known: then no tag can lead elsewhere. */
const returnedTo = (artifacts: Plan['artifacts'], name: string, version: string): string => {
  const [main] = artifacts?.previous ?? []
  if (!main) return `${name} at ${version}`
  const digest = main.digest ?? main.wanted
  return `${main.name} at ${version}${digest ? ` (${digest})` : ''}`
}

const trafficSteps = ({ traffic, rollout }: Config, version: string, previous: Plan['previous']) => {
  const stable = previous?.version ?? 'what ran before'
  if (!traffic)
    return [
      {
        text: `Stop the rollout of ${version}; no traffic driver is configured, so there is no share to take back`,
        seconds: 0,
      },
    ]
  const how = traffic.driver === 'http' ? 'the http driver' : `the command ${traffic.set[0]}`
  return [
    { text: `Set the share of ${version} to 0 % with ${how}`, seconds: traffic.timeout },
    {
      text: `Read the share back until it is 0 %, so that ${stable} gets all requests`,
      seconds: traffic.timeout,
    },
    { text: `Let open connections to ${version} end`, seconds: rollout.drain },
    {
      text: `Check that ${stable} is healthy with the checks that judge the rollout`,
      seconds: 2 * rollout.look,
    },
  ]
}

const deploymentSteps = ({ deploy }: Config, version: string, previous: Plan['previous']) => {
  if (!deploy.command || !previous) return []
  return [
    {
      text: `Run the deployment command with operation rollback: ${previous.version} in place of ${version}`,
      seconds: deploy.timeout,
    },
  ]
}

const triggers = ({ metrics, rollout }: Config): string[] => {
  const checks = (metrics?.checks ?? []).map(
    (check) =>
      `${check.name}: evidence against the new version reaches ${Math.round(1 / rollout.alpha)} to 1`,
  )
  const undecided = {
    return: 'it goes back',
    ask: `people are asked, and it goes back unless it is proven or let on within ${showSeconds(rollout.answer)}`,
    'promote-unproven': 'it goes on, marked unproven',
  }[rollout.inconclusive]
  const health =
    (metrics?.health ?? []).length > 0 ? ['health endpoints of the new version stop answering'] : []
  return [
    ...checks,
    ...health,
    `a step is not proven within its longest bake: ${undecided}`,
    'the rollout job ends without success, is cancelled, or its runner is lost',
    'a person starts the rollback workflow with a reason',
  ]
}

const database = (
  policy: Config,
  migrations: readonly string[],
  migrationRisk: Plan['migrationRisk'],
): string => {
  if (migrations.length === 0)
    return `no file of this release looks like a migration; ${policy.rollback.database}`
  const named = migrations
    .slice(0, 5)
    .map((path) => cut(path, 120))
    .join(', ')
  const more = migrations.length > 5 ? ` and ${migrations.length - 5} more` : ''
  const schema = {
    unknown: 'the previous version must run on the new schema',
    yes: `${migrationRisk?.class ?? 'nothing that lasts'}, the previous version runs on the new schema`,
    no: `${migrationRisk?.class}, the previous version must run on the new schema, and by what was read it may not`,
  }[migrationRisk === null ? 'unknown' : migrationRisk.previousVersionRuns ? 'yes' : 'no']
  return `${migrations.length} migration ${migrations.length === 1 ? 'file' : 'files'} (${named}${more}): ${schema}; ${reversal(migrationRisk)}${policy.rollback.database}`
}

/** Which migrations are reversed by a script, each with the test that shows that it can be. */
const reversal = (migrationRisk: Plan['migrationRisk']): string => {
  const reversed = migrationRisk?.reversed ?? []
  if (reversed.length === 0) return ''
  const each = reversed
    .slice(0, 5)
    .map(
      ({ path, test }) =>
        `${cut(path, 120)} (${test === null ? 'NOT tested' : `tested by ${cut(test, 120)}`})`,
    )
  const more = reversed.length > 5 ? ` and ${reversed.length - 5} more` : ''
  return `reversed by a script: ${each.join(', ')}${more}; `
}
