import type { Config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import { releaseBranch } from '@relman/core/freeze/release-branch'
import { branchOf, cutOf } from '@relman/core/plan/show-branch'
import type { Git } from '@relman/core/ports/git'
import type { GitHub } from '@relman/core/ports/github'
import type { Planning } from '@relman/core/ports/planning'
import type { RecordStore } from '@relman/core/ports/record-store'
import type { Outcome } from '@relman/core/runtime/outcome'
import type { RunContext } from '@relman/core/runtime/run-context'
import { projectTicket } from '@relman/core/runtime/ticket/project-ticket'
import { code, inline } from '@relman/core/text/escape-markdown'
import { checkComponent } from './find-components.ts'
import { statedDates } from './freeze-dates.ts'
import type { Inputs } from './inputs.ts'
import { isBehind } from './is-behind.ts'
import { empty, refusal } from './no-plan.ts'
import { type OpenRelease, openReleases } from './open-releases.ts'
import { readPolicy } from './read-policy.ts'

/** With the feature freeze that the policy of today states for it; null without one. */
type Opened = OpenRelease & { stated: string | null }
/** A branch that is due, and what is at its name now. */
type Due = { release: Opened; name: string; there: string | null; fault: string | null }
type Cut = { service: string; version: string; branch: string; sha: string; made: boolean; trouble: string }

/**
 * Cuts the branches of planned releases that are due (row P4), at one commit; of the release of the input `version` at once.
 * All are looked at before the first is made. A branch is made or found where it belongs, never moved; then `branched` stands
 * in the record and in the ticket. Doing it again changes nothing, and ends what was killed half-way.
 *
 * @throws ConfigurationError without a token or a record
 */
export const cutBranches = async (input: Inputs, context: RunContext, ports: Planning): Promise<Outcome> => {
  const { git, github, store } = ports
  if (!github || !store)
    throw new ConfigurationError(
      'input "operation": cut takes github-token and record: true, to read what is planned and to make the branch',
    )
  if (await git.shallow())
    return refusal('shallow-clone', 'this clone is shallow: check out with fetch-depth: 0')
  const sha = await git.resolve(input.ref || context.sha || 'HEAD')
  const where = { path: input.config, ref: input['policy-ref'], git, github, sha256: ports.sha256 }
  const { policy } = await readPolicy(where)
  checkComponent({ ...input, version: '' }, policy)
  const { release: pattern } = policy.branches
  if (pattern === undefined)
    return nothing('no-branch-policy', 'no branch is cut: branches.release is not set')
  const open = await openOf(store, policy, input, context)
  if (input.version !== '' && open.length === 0)
    return refusal(
      'not-planned',
      `${input.version} is not planned, or has begun: a branch is cut for a release that the record has planned`,
      input.version,
    )
  const now = new Date(ports.clock.now()).toISOString()
  const due = await Promise.all(
    open
      .filter((release) => isDue(release, policy, input.version !== '', now))
      .map((release) => look(release, policy, sha, git, github)),
  )
  const faults = due.flatMap(({ fault }) => fault ?? [])
  if (faults.length > 0)
    return refusal('branch-elsewhere', `no branch is cut: ${faults.join('; ')}`, input.version)
  if (due.length === 0) return nothing('branch-not-due', `no branch is due: ${upcoming(open, policy)}`)
  const cuts: Cut[] = []
  for (const each of due) cuts.push(await cut(each, sha, { context, github, store, dryRun: ports.dryRun }))
  return told(cuts, ports.dryRun)
}

const openOf = async (
  store: RecordStore,
  policy: Config,
  input: Inputs,
  context: RunContext,
): Promise<Opened[]> => {
  const several = Object.keys(policy.components)
  const single = policy.service ?? (context.repository.name || 'service')
  const services = input.component !== '' ? [input.component] : several.length > 0 ? several : [single]
  const open = (await Promise.all(services.map((service) => openReleases(store, service)))).flat()
  const asked = input.version === '' ? open : open.filter(({ plan }) => plan.version === input.version)
  return Promise.all(
    asked.map(async (release) => {
      const dates = await statedDates(policy, release.plan.version)
      return { ...release, stated: dates?.feature ?? null }
    }),
  )
}

/**
 * Name, types, time and stated freezes are those of the policy of today, the other dates those of the plan. By hand the branch
 * is due at once.
 */
const wantedBy = ({ plan, stated }: Opened, policy: Config, byHand: boolean) =>
  byHand && policy.branches.release !== undefined
    ? { name: releaseBranch(policy.branches.release, plan), due: null }
    : branchOf({ ...plan, policy }, stated)

const isDue = (release: Opened, policy: Config, byHand: boolean, now: string): boolean => {
  if (cutOf(release.events)) return false
  const { window } = release.plan.schedule ?? {}
  // A plan whose window went by without a release was given up, or needs another; nobody expects a branch of it.
  if (!byHand && window && Date.parse(window.end) <= Date.parse(now)) return false
  const wanted = wantedBy(release, policy, byHand)
  return wanted !== null && (wanted.due === null || Date.parse(wanted.due) <= Date.parse(now))
}

const look = async (release: Opened, policy: Config, sha: string, git: Git, github: GitHub): Promise<Due> => {
  const { plan } = release
  const name = wantedBy(release, policy, true)?.name ?? ''
  const there = await github.refs.commit(`heads/${name}`)
  const short = (commit: string) => commit.slice(0, 12)
  const planned = await isBehind(git, plan.sha, sha)
  if (there === null) {
    const fault = planned
      ? null
      : `the plan of ${plan.service} ${plan.version} is of commit ${short(plan.sha)}, which is not behind ${short(sha)}: start this on the branch that was planned`
    return { release, name, there, fault }
  }
  // Cut by an earlier run or a person; one that the release was planned from has gone its own way since.
  const own = (await isBehind(git, plan.sha, there)) && (!planned || (await isBehind(git, there, sha)))
  const fault = own
    ? null
    : `${name} exists already, at ${short(there)}, which does not lie between the plan of ${plan.version} (${short(plan.sha)}) and ${short(sha)}: no branch is moved; delete or rename that one`
  return { release, name, there, fault }
}

type Hands = { context: RunContext; github: GitHub; store: RecordStore; dryRun: boolean }

const cut = async ({ release, name, there }: Due, sha: string, hands: Hands): Promise<Cut> => {
  const { context, github, store, dryRun } = hands
  const { plan, digest } = release
  const { service, version } = plan
  if (dryRun) return { service, version, branch: name, sha: there ?? sha, made: there === null, trouble: '' }
  const made = there === null ? await github.refs.ensure(`heads/${name}`, sha) : { sha: there, made: false }
  if (there === null && made.sha !== sha)
    throw new ConfigurationError(
      `${name} was made by somebody else in this moment, at ${made.sha.slice(0, 12)}: start this again, and it is looked at`,
    )
  const data = { branch: name, sha: made.sha, type: plan.type }
  const about = { actor: context.actor, run: context.run, digest, token: null }
  const { events } = await store.append(service, version, [
    { ...about, kind: 'branched', key: `branched:${name}`, data },
  ])
  const { trouble } = await projectTicket({ github, plan, digest, events, runUrl: context.runUrl }, 'plan')
  return { service, version, branch: name, sha: made.sha, made: made.made, trouble }
}

const upcoming = (open: readonly Opened[], policy: Config): string => {
  const next = open.flatMap((release) => {
    const wanted = cutOf(release.events) ? null : wantedBy(release, policy, false)
    return wanted?.due ? [`${wanted.name} at ${wanted.due.slice(0, 16).replace('T', ' ')} UTC`] : []
  })
  return next.length === 0 ? 'no release that is planned waits for one' : `to come: ${next.join(', ')}`
}

const nothing = (reasonCode: 'no-branch-policy' | 'branch-not-due', message: string): Outcome => ({
  decision: 'nothing',
  reasonCode,
  message,
  failed: false,
  outputs: { ...empty, branches: '[]' },
  data: { branches: [] },
  summary: '',
})

const told = (cuts: readonly Cut[], dryRun: boolean): Outcome => {
  const rows = cuts.map(
    ({ service, version, branch, sha, made }) =>
      `| ${inline(service)} ${inline(version)} | ${code(branch, 200)} | ${code(sha.slice(0, 12))}${made ? '' : ', was there already'} |`,
  )
  const names = cuts.map(({ branch, sha }) => `${branch} at ${sha.slice(0, 12)}`).join(', ')
  return {
    decision: dryRun ? 'would-branch' : 'branched',
    reasonCode: 'branch-cut',
    message: `${names} ${dryRun ? 'would be' : cuts.length === 1 ? 'is' : 'are'} cut: only fixes enter from now on${cuts.map(({ trouble }) => (trouble === '' ? '' : `; ${trouble}`)).join('')}`,
    failed: false,
    outputs: { ...empty, branches: JSON.stringify(cuts) },
    data: { branches: [...cuts] },
    summary: `# Release ${cuts.length === 1 ? 'branch' : 'branches'}\n\n| release | branch | commit |\n|---|---|---|\n${rows.join('\n')}\n\nOnly fixes enter from now on. The release is planned from its branch (input ${code('ref')}); what main gets rides the next one.`,
  }
}
