import { ConfigurationError } from '@relman/core/config/configuration-error'
import { readConfig } from '@relman/core/config/read-config'
import { type FreezeDates, freezeStage, versionOf } from '@relman/core/freeze/freeze-stage'
import { mayEnter } from '@relman/core/freeze/may-enter'
import { isQueue, queuedPull } from '@relman/core/freeze/queued-pull'
import { readReleaseBranch } from '@relman/core/freeze/release-branch'
import { plan as planSchema } from '@relman/core/plan/plan'
import { shownPlan } from '@relman/core/plan/withhold'
import type { Git } from '@relman/core/ports/git'
import type { PullRequest } from '@relman/core/ports/github'
import type { Planning } from '@relman/core/ports/planning'
import type { Foreseen, Preview } from '@relman/core/preview/preview'
import type { Outcome } from '@relman/core/runtime/outcome'
import type { RunContext } from '@relman/core/runtime/run-context'
import { z } from 'zod'
import { readFreezeDates } from './freeze-dates.ts'
import type { Inputs } from './inputs.ts'
import { refusal } from './no-plan.ts'
import { planRelease } from './plan-release.ts'
import { previewOutcome, publishPreview } from './publish-preview.ts'
import { endsOf, saidBy } from './pull-ends.ts'
import { readPolicy } from './read-policy.ts'

type Planned = { outcome: Outcome; foreseen: Foreseen }

/**
 * What the next release would be with this pull request merged, and whether the branch that it would enter is frozen for
 * it. Plans the merge that GitHub made to test it, and its base alone, without a word in the record; says both in one
 * comment and the summary. Policy and freeze are those of the protected branch.
 *
 * @throws ConfigurationError without a token, or where there is no such pull request
 */
export const reviewPull = async (
  number: number,
  input: Inputs,
  context: RunContext,
  ports: Planning,
): Promise<Outcome> => {
  const { git, github } = ports
  if (!github) throw new ConfigurationError('input "pull": takes github-token, to read the pull request')
  if (await git.shallow())
    return refusal('shallow-clone', 'this clone is shallow: check out with fetch-depth: 0')
  const pull = await github.pullRequest(number)
  if (!pull) throw new ConfigurationError(`input "pull": there is no pull request ${number} here`)
  const merged = await git.resolve(input.ref || context.sha || 'HEAD')
  // Without a base that the queue names, everything that the branch does not have is judged.
  const queue = queuedPull(context.ref) ?? (isQueue(context.ref) ? { pull: number, base: '' } : null)
  const ends = await endsOf(git, merged, pull, queue)
  const after = await foresee(
    input,
    context,
    { ...ports, git: titled(git, merged, pull, ends.merge) },
    merged,
    pull.base,
  )
  if (after.outcome.reasonCode === 'shallow-clone') return after.outcome
  const before = ends.base === null ? null : await planBase(input, context, ports, ends.base, pull.base)
  const { policy } = await readPolicy({
    path: input.config,
    ref: input['policy-ref'],
    git,
    github,
    sha256: ports.sha256,
  })
  const cut = readReleaseBranch(policy.branches.release, pull.base, Object.keys(policy.components))
  const service = policy.service ?? (context.repository.name || 'service')
  const version = cut?.version ?? versionOf(pull.base) ?? after.foreseen.plan?.version ?? null
  const dates: FreezeDates = await readFreezeDates({
    policy,
    service: cut?.component ?? service,
    version,
    store: ports.store,
  })
  const now = new Date(ports.clock.now()).toISOString()
  const entry = mayEnter(policy.freeze, freezeStage(policy.freeze, pull.base, dates, now), {
    ...pull,
    ...(await saidBy({ git, github }, ends, merged, number)),
  })
  const changed = await policyChange(git, input.config, ends.base, merged)
  const preview: Preview = {
    pull,
    merged,
    before: before?.foreseen ?? null,
    after: after.foreseen,
    entry,
    enforced: policy.mode === 'enforce',
    policy: changed?.text ?? null,
    runUrl: context.runUrl,
  }
  const told = await publishPreview({
    preview,
    service,
    github,
    dryRun: ports.dryRun,
    // A run of an older commit may end after that of a newer one.
    overtaken: ends.overtaken,
  })
  return previewOutcome({ preview, planned: after.outcome, told, broken: changed?.broken ?? null })
}

/** The test merge says only "Merge a into b": it is read with the title that the real one will have. */
const titled = (git: Git, merged: string, { number, title }: PullRequest, merge: boolean): Git =>
  merge
    ? {
        ...git,
        commits: async (...range) =>
          (await git.commits(...range)).map((commit) =>
            commit.sha === merged
              ? { ...commit, message: `Merge pull request #${number} from head/branch\n\n${title}` }
              : commit,
          ),
      }
    : git

const foresee = async (
  input: Inputs,
  context: RunContext,
  ports: Planning,
  ref: string,
  branch: string,
): Promise<Planned> => {
  let text: string | null = null
  const write: Planning['write'] = (name, content) => {
    if (name === 'plan.json') text = content
    return ports.write(name, content)
  }
  // The merge would be on the branch that it enters, whose line holds for it.
  const there = { ...context, ref: `refs/heads/${branch}`, sha: ref }
  const outcome = await planRelease({ ...input, ref }, there, { ...ports, write, dryRun: true })
  const plan = text === null ? null : shownPlan(planSchema.parse(JSON.parse(text)))
  const components = outcome.failed ? [] : componentsOf(outcome)
  return { outcome, foreseen: { plan, components, instead: plan ? '' : outcome.message } }
}

/** In a repository of several components planning without one of them says which need a release. */
const componentsOf = ({ data }: Outcome): Foreseen['components'] =>
  foreseenComponents.parse(data['components'] ?? [])

const foreseenComponents = z.array(
  z.object({ component: z.string(), version: z.string(), bump: z.string(), changes: z.number() }),
)

/** The base by itself is for comparison only: where it cannot be planned, the pull request still can. */
const planBase = async (
  input: Inputs,
  context: RunContext,
  ports: Planning,
  ref: string,
  branch: string,
): Promise<Planned | null> => {
  try {
    const planned = await foresee(input, context, { ...ports, write: async (name) => name }, ref, branch)
    return planned.outcome.failed ? null : planned
  } catch {
    return null
  }
}

type PolicyChange = { text: string; broken: string | null }

/** A change of the policy holds once it is merged, never for itself; one that cannot be read would stop every release. */
const policyChange = async (
  git: Git,
  path: string,
  base: string | null,
  merged: string,
): Promise<PolicyChange | null> => {
  const after = await git.file(merged, path)
  if (base === null || after === (await git.file(base, path))) return null
  if (after === null) return { text: `${path} is removed: the defaults would hold`, broken: null }
  try {
    readConfig(after, path)
    return { text: `${path} is changed; it holds from the merge on, not for this pull request`, broken: null }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return { text: `${path} would no longer be read: ${error.message}`, broken: error.message }
  }
}
