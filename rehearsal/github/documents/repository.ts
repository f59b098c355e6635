/** The repository, as GitHub shows it: whole, and in short inside other documents. */

import type { Github } from '../github.ts'
import { nodeId, numberOf } from './identity.ts'
import { userDocument } from './user.ts'

export const repositoryId = (github: Github): number => numberOf(`repository ${github.owner}/${github.repo}`)
export const repositoryNode = (github: Github): string => nodeId('Repository', repositoryId(github))

export const user = (github: Github, login: string): Record<string, unknown> =>
  userDocument(github.serverUrl, github.apiUrl, login)

const lists = [
  ...['archive_url /{archive_format}{/ref}', 'assignees_url /assignees{/user}', 'blobs_url /git/blobs{/sha}'],
  ...['branches_url /branches{/branch}', 'collaborators_url /collaborators{/collaborator}'],
  ...[
    'comments_url /comments{/number}',
    'commits_url /commits{/sha}',
    'compare_url /compare/{base}...{head}',
  ],
  ...['contents_url /contents/{+path}', 'contributors_url /contributors', 'deployments_url /deployments'],
  ...['downloads_url /downloads', 'events_url /events', 'forks_url /forks', 'hooks_url /hooks'],
  ...['git_commits_url /git/commits{/sha}', 'git_refs_url /git/refs{/sha}', 'git_tags_url /git/tags{/sha}'],
  ...['issue_comment_url /issues/comments{/number}', 'issue_events_url /issues/events{/number}'],
  ...['issues_url /issues{/number}', 'keys_url /keys{/key_id}', 'labels_url /labels{/name}'],
  ...['languages_url /languages', 'merges_url /merges', 'milestones_url /milestones{/number}'],
  ...['notifications_url /notifications{?since,all,participating}', 'pulls_url /pulls{/number}'],
  ...['releases_url /releases{/id}', 'stargazers_url /stargazers', 'statuses_url /statuses/{sha}'],
  ...['subscribers_url /subscribers', 'subscription_url /subscription', 'tags_url /tags'],
  ...['teams_url /teams', 'trees_url /git/trees{/sha}'],
]

/** The short form. A missing permission shows on reads too, as in a private repository, whatever its visibility. */
export function minimalRepository(github: Github): Record<string, unknown> {
  return {
    id: repositoryId(github),
    node_id: repositoryNode(github),
    name: github.repo,
    full_name: `${github.owner}/${github.repo}`,
    owner: user(github, github.owner),
    private: github.visibility === 'private',
    html_url: github.page,
    description: null,
    fork: false,
    url: github.api,
    ...Object.fromEntries(
      lists.map((entry) => {
        const [name = '', path = ''] = entry.split(' ')
        return [name, `${github.api}${path}`]
      }),
    ),
  }
}

export function fullRepository(github: Github): Record<string, unknown> {
  const open = [...github.store.issues.values()].filter((issue) => issue.state === 'open').length
  const time = github.now()
  return {
    ...minimalRepository(github),
    git_url: `${github.page}.git`,
    ssh_url: `${github.page}.git`,
    clone_url: `${github.page}.git`,
    svn_url: github.page,
    mirror_url: null,
    homepage: null,
    language: null,
    forks_count: 0,
    forks: 0,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    subscribers_count: 0,
    network_count: 0,
    size: 0,
    default_branch: github.defaultBranch,
    open_issues_count: open,
    open_issues: open,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    visibility: github.visibility,
    pushed_at: time,
    created_at: time,
    updated_at: time,
    license: null,
  }
}

/** What pull requests show of a repository. */
export function repositoryOfPull(github: Github): Record<string, unknown> {
  const { has_discussions, subscribers_count, network_count, ...kept } = fullRepository(github)
  return { ...kept, has_downloads: false, has_discussions }
}
