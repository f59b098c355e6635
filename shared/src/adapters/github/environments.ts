import type { GitHub } from '../../ports/github.ts'
import type { Client } from './client.ts'
import { orNull } from './or-null.ts'

type Reviewer = { type?: string; reviewer?: { login?: string; slug?: string } }
type Rule = { type?: string; prevent_self_review?: boolean; reviewers?: Reviewer[] }

/** Environments with those who must approve; a team is written `team/<slug>`. */
export const openEnvironments = (client: Client): Pick<GitHub, 'environment'> => ({
  environment: async (name) => {
    const { owner, repo } = client
    const found = await orNull(
      client.call({
        what: `read the environment ${name}`,
        needs: 'actions: read',
        nature: 'safe',
        send: (octokit) =>
          octokit.request('GET /repos/{owner}/{repo}/environments/{environment_name}', {
            owner,
            repo,
            environment_name: name,
          }),
      }),
    )
    if (!found) return null
    const rules = (found.data.protection_rules ?? []) as Rule[]
    const required = rules.find(({ type }) => type === 'required_reviewers')
    return {
      name,
      reviewers: (required?.reviewers ?? []).map(reviewerName).filter((reviewer) => reviewer !== ''),
      preventSelfReview: required?.prevent_self_review === true,
    }
  },
})

const reviewerName = ({ type, reviewer }: Reviewer): string => {
  if (type === 'Team') return reviewer?.slug ? `team/${reviewer.slug}` : ''
  return reviewer?.login ?? ''
}
