import type { Config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import { judgeFeatures } from '@relman/core/feature/judge-features'
import type { Plan } from '@relman/core/plan/plan'
import type { GitHub } from '@relman/core/ports/github'
import { GitHubError } from '@relman/core/ports/github-error'
import type { Change } from '@relman/core/scope/change'
import { cut } from '@relman/core/text/visible'
import { ticketTitle } from '@relman/core/ticket/ticket'
import type { Inputs } from './inputs.ts'

type Ask = {
  input: Pick<Inputs, 'milestone' | 'component' | 'pull'>
  github: GitHub | null
  policy: Config
  service: string
  version: string
  tag: string
  changes: readonly Change[]
}

/**
 * The features of the milestone of this release, where there is one (row P22). What kept them from being read is a gap of the
 * plan; that a milestone is asked for by name and not there is a fault of the input.
 *
 * @throws ConfigurationError where the input names a milestone that does not exist; GitHubError where it, or the one that the policy names,
 * could not be read
 */
export const readFeatures = async (ask: Ask): Promise<{ features: Plan['features']; gaps: string[] }> => {
  const { input, github, policy, service, version, changes } = ask
  // A preview compares two plans, and neither of them is decided by.
  if (input.pull !== null) return { features: undefined, gaps: [] }
  const titles = titlesOf(ask)
  const named = input.milestone !== '' || policy.features.milestone !== undefined
  if (!github)
    return {
      features: undefined,
      gaps: named ? [`the milestone ${titles[0]} was not read: that takes github-token`] : [],
    }
  try {
    const milestone = await github.milestone(titles)
    if (milestone) {
      const ticket = ticketTitle({ service, version })
      const features = judgeFeatures({ milestone, changes, policy: policy.features, version, ticket })
      return { features, gaps: [] }
    }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    // Who asks for a milestone shall not get a plan that nothing holds because GitHub did not answer this once.
    const passes = error.reasonCode === 'permission-missing'
    if (input.milestone !== '' || (named && !passes)) throw error
    const why = cut(error.message, 300)
    return {
      features: undefined,
      gaps: [`whether the features of a milestone are done is not known: ${why}`],
    }
  }
  if (input.milestone !== '')
    throw new ConfigurationError(
      `input "milestone": there is no milestone ${cut(input.milestone, 200)} here; write its title as it stands`,
    )
  const asked = titles.slice(0, 3).join(' or ')
  return {
    features: undefined,
    gaps: [
      `there is no milestone ${asked}: whether its features are done is not known, and nothing waits for them`,
    ],
  }
}

/** What its milestone may be called, the likeliest first; a pre-release belongs to that of its final version. */
const titlesOf = ({ input, policy, service, version, tag }: Ask): string[] => {
  if (input.milestone !== '') return [input.milestone]
  const bare = version.replace(/\+.*$/, '')
  const versions = [bare, bare.replace(/-.*$/, '')]
  const pattern = policy.features.milestone
  const written = versions.flatMap((each) => {
    const name = tag.replace(version, () => each)
    if (pattern !== undefined)
      return [pattern.replaceAll('{version}', () => each).replaceAll('{tag}', () => name)]
    return input.component === '' ? [each, `v${each}`, name] : [name, `${service} ${each}`]
  })
  return [...new Set(written)]
}
