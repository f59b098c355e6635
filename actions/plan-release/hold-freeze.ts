import { type Checkpoint, enteredAt } from '@relman/core/freeze/entered-at'
import { type Freeze, freezePlan } from '@relman/core/freeze/freeze-plan'
import { asksException, lateChanges } from '@relman/core/freeze/late-changes'
import type { PlannedFreeze } from '@relman/core/freeze/planned-freeze'
import type { PlanFacts } from '@relman/core/plan/draw-plan'
import type { Plan } from '@relman/core/plan/plan'
import type { PullRequest } from '@relman/core/ports/github'
import { GitHubError } from '@relman/core/ports/github-error'
import type { Planning } from '@relman/core/ports/planning'
import type { RecordEvent } from '@relman/core/record/event'
import type { Change } from '@relman/core/scope/change'
import { beyondFixes } from './beyond-fixes.ts'
import { checkpointsOf } from './checkpoints.ts'
import { statedDates, unknown } from './freeze-dates.ts'
import type { Inputs } from './inputs.ts'

/** More exceptions than one release gets; the others count as not approved. */
const mostExceptions = 20

type Ask = {
  input: Pick<Inputs, 'freeze' | 'ship-by' | 'preferred-dates'>
  actor: string
  ports: Pick<Planning, 'git' | 'github'>
  facts: Pick<
    PlanFacts,
    'hidden' | 'type' | 'version' | 'sha' | 'previous' | 'policy' | 'schedule' | 'changes' | 'plannedAt'
  >
  events: readonly RecordEvent[]
}

export type Held = { state: Plan['state']; freeze?: PlannedFreeze }

/** Whether this plan is provisional or frozen, by the policy and the record, and what entered since it was frozen. */
export const holdFreeze = async ({ input, actor, ports, facts, events }: Ask): Promise<Held> => {
  const { policy, version } = facts
  const at = (id: string) => facts.schedule?.milestones.find((milestone) => milestone.id === id)?.at ?? null
  const { state, freeze } = freezePlan({
    policy: policy.freeze,
    type: facts.type,
    version,
    fixes: !facts.hidden && beyondFixes(facts.changes).length === 0,
    stated: (await statedDates(policy, version)) ?? unknown,
    timeline: {
      feature: at('feature-freeze'),
      code: at('code-freeze'),
      source: 'the timeline of its first plan',
    },
    moved: input['ship-by'] !== '' || input['preferred-dates'] !== '',
    events,
    by: input.freeze ? actor : null,
    now: facts.plannedAt,
  })
  if (!freeze) return { state }
  if (state === 'provisional') return { state, freeze: { ...freeze, late: [], held: 0 } }
  const checkpoints = await checkpointsOf(ports.git, events, facts.sha, freeze.feature)
  const entered = await enteredSince(ports.git, facts, freeze, checkpoints)
  if (entered === null) {
    const why = `the commit of revision ${freeze.base?.revision} is not in this clone, so that nobody knows what entered since`
    const everything = { sha: facts.sha, item: 'every change', entry: 'held' as const, why }
    return { state, freeze: { ...freeze, late: [everything], held: 1 } }
  }
  const asking = entered
    .filter((change) => asksException(policy.freeze, change, freeze.code))
    .slice(0, mostExceptions)
  const pulls = await readPulls(
    ports.github,
    asking.flatMap(({ pull }) => pull ?? []),
  )
  return { state, freeze: { ...freeze, ...lateChanges(policy.freeze, entered, freeze.code, pulls) } }
}

/**
 * By the time of their merge, as far as the record does not know better (`enteredAt`), and by history since the first frozen
 * revision: planning once more makes nothing early. null: it cannot be told.
 */
const enteredSince = async (
  git: Planning['git'],
  { changes, sha, previous, plannedAt }: Ask['facts'],
  { base, feature }: Freeze,
  checkpoints: readonly Checkpoint[],
): Promise<Change[] | null> => {
  // Whoever freezes by hand freezes what is there.
  if (base === null && feature === plannedAt) return []
  const standing = changes.filter(({ reverted }) => !reverted)
  const since = base ? await git.commits(base.sha, sha).catch(() => null) : []
  if (since === null) return null
  const shas = new Set(since.map((commit) => commit.sha))
  // A merge without a pull request, or of several, brings commits that are older than it; they entered with it.
  const entered = new Map<string, string>()
  const line = await git.commits(previous?.sha ?? null, sha, { firstParent: true })
  for (const { sha: merge, parents, date } of line) {
    const [first, second] = parents
    if (first === undefined || second === undefined) continue
    const asked =
      Date.parse(date) >= Date.parse(feature) || checkpoints.some(({ missing }) => missing.has(merge))
    if (!asked) continue
    if (standing.some((change) => change.sha === merge && change.inside?.apart !== true)) continue
    for (const brought of await git.commits(first, merge)) entered.set(brought.sha, date)
  }
  return standing
    .map((change) => ({ ...change, date: entered.get(change.sha) ?? change.date }))
    .map((change) => ({ ...change, date: enteredAt(change, checkpoints, plannedAt) }))
    .filter((change) => shas.has(change.sha) || Date.parse(change.date) >= Date.parse(feature))
}

/** Without a token, or where GitHub refuses, no exception is known, and none is assumed. */
const readPulls = async (
  github: Planning['github'],
  numbers: readonly number[],
): Promise<Map<number, PullRequest>> => {
  const found = new Map<number, PullRequest>()
  for (const number of github ? numbers : []) {
    try {
      const pull = await github?.pullRequest(number)
      if (pull) found.set(number, pull)
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error
    }
  }
  return found
}

/** Features freeze when they are done or taken out (row P22): who freezes them by hand is told what is not. */
export const mayFreeze = (input: Pick<Inputs, 'freeze'>, features: Plan['features']): string | null => {
  const open = features ? features.counts.incomplete + features.counts.unread : 0
  if (!input.freeze || open === 0 || !features) return null
  const names = features.features
    .filter(({ verdict }) => verdict === 'incomplete')
    .slice(0, 5)
    .map(({ number, why }) => `#${number}: ${why}`)
  return `the features cannot freeze: ${open} of the milestone ${features.milestone.title} are not complete (${names.join('; ')})`
}
