import { ConfigurationError } from '@relman/core/config/configuration-error'
import { type Embargo, heldUntil, withEmbargoOf } from '@relman/core/embargo/embargo'
import { mayBeClosed } from '@relman/core/embargo/may-be-closed'
import type { Plan } from '@relman/core/plan/plan'
import type { Planning } from '@relman/core/ports/planning'
import type { RecordEvent } from '@relman/core/record/event'
import { readMessage } from '@relman/core/scope/read-message'
import { isReleaseCommit } from '@relman/core/version/release-commit'
import { lastPlan } from './since-revision.ts'

type Drawn = Pick<Plan, 'sha' | 'previous' | 'changes'>
type Ask = Drawn & {
  ports: Pick<Planning, 'git' | 'store' | 'clock'>
  /** What the record holds of the other versions of this service. */
  others: ReadonlyArray<{ release: string; events: readonly RecordEvent[] }>
  own: Embargo | null
}

/**
 * The embargo of a plan that ships the fix of another release before that one's disclosure (row P3): what is picked, squashed or
 * merged to main would be listed there. Such a plan is closed as long. What cannot be compared counts as shipped.
 */
export const othersEmbargo = async (ask: Ask): Promise<{ embargo: Embargo | null; gaps: string[] }> => {
  const { ports, others, own } = ask
  const { store, clock } = ports
  let embargo = own
  const gaps: string[] = []
  for (const { release, events } of store ? others.filter((each) => mayBeClosed(each.events)) : []) {
    const closed = store && (await lastPlan(store, events))?.plan
    if (!closed?.embargo || heldUntil(closed, clock.now(), null) === null) continue
    const why = await sharedWith(ask, closed)
    if (why === null) continue
    embargo = withEmbargoOf(embargo, closed.embargo)
    gaps.push(
      `${why} ${release}, which is under embargo: pages and notes of this release are held back as long`,
    )
  }
  return { embargo, gaps }
}

/** The versions that may be under embargo still. */
export const closedVersions = (others: Ask['others']): ReadonlySet<string> =>
  new Set(others.filter(({ events }) => mayBeClosed(events)).map(({ release }) => release))

const sharedWith = async (
  { changes, sha, previous, ports: { git } }: Ask,
  closed: Plan,
): Promise<string | null> => {
  const pulls = new Set(closed.changes.flatMap(({ pull }) => pull ?? []))
  const shas = new Set(closed.changes.map((change) => change.sha))
  const listed = changes.some(
    (change) => shas.has(change.sha) || (change.pull !== null && pulls.has(change.pull)),
  )
  if (listed) return 'it ships changes of'
  const prefixes = closed.tag.endsWith(closed.version) ? [closed.tag.slice(0, -closed.version.length)] : []
  try {
    const fixes = (await git.commits(closed.previous?.sha ?? null, closed.sha))
      .filter(
        ({ parents, message }) => parents.length < 2 && !isReleaseCommit(readMessage(message), prefixes),
      )
      .map((commit) => commit.sha)
      .reverse()
    const before = previous ? await presentAt(git, previous.sha, closed.sha, fixes) : new Set<string>()
    const now = await presentAt(git, sha, closed.sha, fixes)
    return [...now].some((fix) => !before.has(fix)) ? 'it ships changes of' : null
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return 'this clone cannot tell whether it ships changes of'
  }
}

/** Which of the commits are in another history, under whatever sha. */
const presentAt = async (
  git: Planning['git'],
  at: string,
  tip: string,
  fixes: readonly string[],
): Promise<Set<string>> => {
  const missing = new Map((await git.notIn(at, tip)).map((commit) => [commit.sha, commit.copy]))
  const alone = fixes.filter((fix) => missing.get(fix) === null)
  const all = alone.length > 0 && (await git.squashed(at, alone)) !== null
  return new Set(fixes.filter((fix) => all || missing.get(fix) !== null))
}
