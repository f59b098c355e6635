import { policyOf } from '@relman/core/component/policy-of'
import type { Config } from '@relman/core/config/config'
import type { Git } from '@relman/core/ports/git'
import type { GitHub } from '@relman/core/ports/github'
import type { Planning } from '@relman/core/ports/planning'
import type { Outcome } from '@relman/core/runtime/outcome'
import type { RunContext } from '@relman/core/runtime/run-context'
import { type Chosen, chooseVersion, type Refused, takenAt, withoutBuild } from './choose-version.ts'
import { type AskComponents, checkComponent, findComponents } from './find-components.ts'
import { findRange, type Range } from './find-range.ts'
import { prefixOfTool } from './given-version.ts'
import type { Inputs } from './inputs.ts'
import { listComponents } from './list-components.ts'
import { noRelease, refusal } from './no-plan.ts'
import { readOwners } from './read-policy.ts'
import { readScope, type Scope } from './read-scope.ts'
import { shippedReverts } from './shipped-reverts.ts'

/** What is released: whose release, since when, with which changes, under which version. */
export type Found = {
  service: string
  range: Range
  scope: Scope
  chosen: Chosen & { version: string }
  gaps: string[]
  /** The configuration as it holds for what is released. */
  policy: Config
  /** The branch that is released from; null where it is not known. */
  branch: string | null
}

type Ask = {
  input: Inputs
  context: RunContext
  ports: Pick<Planning, 'git' | 'store'> & { github: GitHub | null }
  policy: Config
  sha: string
}

/**
 * What is to be released at a commit; an outcome where nothing is, where its version cannot be, or where the
 * configuration has several components and none was asked for.
 */
export const findRelease = async ({ input, context, ports, policy, sha }: Ask): Promise<Found | Outcome> => {
  const { git, github, store } = ports
  checkComponent(input, policy)
  const branch = await branchOf(git, input.ref, context, sha)
  const { owners, gaps } = await readOwners(git, input['policy-ref'], sha)
  const blockedOf = async (service: string): Promise<ReadonlySet<string>> =>
    new Set((store ? (await store.service(service)).blocked : []).map(({ version }) => withoutBuild(version)))
  const several = Object.keys(policy.components).length > 0
  if (several) {
    const found = await findComponents({ input, git, github, policy, sha, branch, owners, blockedOf })
    const [only] = found
    if (input.component === '' || !only) return listComponents(found, sha, git, policy.components)
    return checked(
      git,
      { ...only, service: only.name, gaps, policy: policyOf(policy, only.name), branch },
      sha,
    )
  }
  const service = policy.service ?? (context.repository.name || 'service')
  const whole = await findWhole({ input, git, github, policy, sha, branch, owners, service, blockedOf })
  return checked(git, { ...whole, service, gaps, policy, branch }, sha)
}

type Whole = AskComponents & { service: string }

/** The release of a repository that is one component. */
const findWhole = async (ask: Whole): Promise<{ range: Range; scope: Scope; chosen: Chosen | Refused }> => {
  const { input, git, github, policy, sha, branch, owners, service, blockedOf } = ask
  const prefix = policy.version.prefix ?? (await prefixOfTool(git, sha, policy.version.from, null))
  const version = { ...policy.version, ...(prefix === undefined ? {} : { prefix }) }
  const range = await findRange({
    git,
    sha,
    from: input.from,
    policy: version,
    service,
    given: input.version,
  })
  const shipped = await shippedReverts(range.commits, git, sha)
  const scope = await readScope(range.commits, github, policy.risk.rules, { owners, shipped })
  const chosen = await chooseVersion({
    git,
    sha,
    range,
    changes: scope.changes,
    policy: input.channel === '' ? version : { ...version, channel: input.channel },
    type: input.type === '' ? undefined : input.type,
    blocked: await blockedOf(service),
    branch,
    given: input.version,
  })
  return { range, scope, chosen }
}

type Open = Omit<Found, 'chosen'> & { chosen: Chosen | Refused }

const checked = async (git: Git, open: Open, sha: string): Promise<Found | Outcome> => {
  const { service, range, scope, chosen, gaps, policy, branch } = open
  if ('refused' in chosen) return refusal(chosen.reasonCode, chosen.refused, chosen.version)
  const { version } = chosen
  if (version === null) return noRelease(chosen, range, sha)
  const taken = await takenAt(git, chosen.tag, sha)
  if (taken !== null && taken !== sha) {
    const merge = (await git.isAncestor(taken, sha)) ? '' : `, merge ${chosen.tag} into this branch`
    return refusal(
      'version-exists',
      `${chosen.tag} exists already, at commit ${taken.slice(0, 12)}: release a commit after it${merge}, or set type`,
      version,
    )
  }
  return { service, range, scope, chosen: { ...chosen, version }, gaps, policy, branch }
}

/** The branch that is released from: the one that `ref` names, else that of the run where it is the same commit. */
const branchOf = async (git: Git, ref: string, context: RunContext, sha: string): Promise<string | null> => {
  const bare = ref.replace(/^refs\/(?:heads|remotes\/origin)\//, '')
  const known = await git.branches()
  if (
    bare !== '' &&
    [`refs/heads/${bare}`, `refs/remotes/origin/${bare}`].some((name) => known.includes(name))
  )
    return bare
  const run = /^refs\/heads\/(.+)$/.exec(context.ref)?.[1]
  return run !== undefined && (ref === '' || sha === context.sha) ? run : null
}
