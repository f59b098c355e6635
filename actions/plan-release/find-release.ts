import type { Config } from '@relman/core/config/config'
import type { GitHub } from '@relman/core/ports/github'
import type { Outcome } from '@relman/core/runtime/outcome'
import type { RunContext } from '@relman/core/runtime/run-context'
import { type Chosen, chooseVersion, takenAt, withoutBuild } from './choose-version.ts'
import { findRange, type Range } from './find-range.ts'
import type { Inputs } from './inputs.ts'
import { noRelease, refusal } from './no-plan.ts'
import type { Ports } from './plan-release.ts'
import { readScope, type Scope } from './read-scope.ts'

/** What is released: whose release, since when, with which changes, under which version. */
export type Found = { service: string; range: Range; scope: Scope; chosen: Chosen & { version: string } }

type Ask = {
  input: Inputs
  context: RunContext
  ports: Pick<Ports, 'git' | 'store'> & { github: GitHub | null }
  policy: Config
  sha: string
}

/** What is to be released at a commit; an outcome where nothing is, or where its version cannot be. */
export const findRelease = async ({ input, context, ports, policy, sha }: Ask): Promise<Found | Outcome> => {
  const { git, github, store } = ports
  const service = policy.service ?? (context.repository.name || 'service')
  const range = await findRange({ git, sha, from: input.from, policy: policy.version, service })
  const scope = await readScope(range.commits, github, policy.risk.rules)
  const blocked = new Set(
    (store ? (await store.service(service)).blocked : []).map(({ version }) => withoutBuild(version)),
  )
  const chosen = await chooseVersion({
    git,
    sha,
    range,
    changes: scope.changes,
    policy: input.channel === '' ? policy.version : { ...policy.version, channel: input.channel },
    type: input.type === '' ? undefined : input.type,
    blocked,
  })
  const { version } = chosen
  if (version === null) return noRelease(chosen, range, sha)
  const taken = await takenAt(git, chosen.tag, sha)
  if (taken !== null && taken !== sha) {
    return refusal(
      'version-exists',
      `${chosen.tag} exists already, at commit ${taken.slice(0, 12)}: release a commit after it, or set type`,
      version,
    )
  }
  return { service, range, scope, chosen: { ...chosen, version } }
}
