import type { Checkpoint } from '@relman/core/freeze/entered-at'
import type { Git } from '@relman/core/ports/git'
import type { RecordEvent } from '@relman/core/record/event'
import { z } from 'zod'

/** The newest plans that are compared, each with one look into the history. */
const mostPlans = 12

/**
 * What the record knows of the history of this commit: the commits that each plan of the version did not have yet, and those after the cut
 * of its branch. Plans of other branches say nothing of this one.
 */
export const checkpointsOf = async (
  git: Pick<Git, 'commits' | 'isAncestor'>,
  events: readonly RecordEvent[],
  sha: string,
  feature: string,
): Promise<Checkpoint[]> => {
  const known = events.flatMap(({ kind, at, data }) =>
    (kind === 'planned' || kind === 'branched') && typeof data['sha'] === 'string'
      ? [{ at: frozenByHand(data['freeze']) ?? at, sha: data['sha'] }]
      : [],
  )
  // The last one before the freeze tells most; of the others the newest.
  const early = known.filter(({ at }) => Date.parse(at) < Date.parse(feature)).slice(-mostPlans / 2)
  const late = known.filter(({ at }) => Date.parse(at) >= Date.parse(feature)).slice(-mostPlans / 2)
  const found: Checkpoint[] = []
  for (const each of [...early, ...late]) {
    // A commit that this clone lacks tells nothing.
    const behind = await git.isAncestor(each.sha, sha).catch(() => false)
    const since = behind ? await git.commits(each.sha, sha) : null
    if (since) found.push({ at: each.at, missing: new Set(since.map((commit) => commit.sha)) })
  }
  return found
}

const byHand = z.object({ feature: z.iso.datetime(), source: z.string(), base: z.null() })

/** What is in a plan that a person freezes was there before the freeze: the plan is recorded a moment after it. */
const frozenByHand = (freeze: unknown): string | null => {
  const { data } = byHand.safeParse(freeze)
  return data?.source.startsWith('frozen by ') ? new Date(Date.parse(data.feature) - 1).toISOString() : null
}
