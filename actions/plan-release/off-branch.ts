import type { Config } from '@relman/core/config/config'
import { cutOf } from '@relman/core/plan/show-branch'
import type { Planning } from '@relman/core/ports/planning'
import type { Outcome } from '@relman/core/runtime/outcome'
import type { Found } from './find-release.ts'
import { refusal } from './no-plan.ts'

/**
 * A version that has a branch of its own is planned from there (row P4): from anywhere else it would take in what came to
 * main after the freeze. Null where that holds, or nothing was cut.
 */
export const offBranch = async (
  found: Pick<Found, 'service' | 'chosen' | 'branch'>,
  sha: string,
  policy: Config,
  { git, store }: Pick<Planning, 'git' | 'store'>,
): Promise<Outcome | null> => {
  if (policy.branches.release === undefined || !store) return null
  const { version } = found.chosen
  const cut = cutOf(await store.events(found.service, version))
  if (cut === null || found.branch === cut.branch) return null
  for (const tip of [`refs/remotes/origin/${cut.branch}`, `refs/heads/${cut.branch}`]) {
    const known = (await git.branches()).includes(tip)
    if (known && (await git.isAncestor(sha, await git.resolve(tip)))) return null
  }
  return refusal(
    'branched',
    `${found.service} ${version} has its own branch, ${cut.branch}, and is not released yet: plan it from there (ref: ${cut.branch}); what is here rides the release after it`,
    version,
  )
}
