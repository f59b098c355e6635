import type { GitHub } from '../../ports/github.ts'
import type { RunContext } from '../../runtime/run-context.ts'
import { openArtifacts } from './artifacts.ts'
import { openChecks } from './checks.ts'
import { type ClientOptions, openClient } from './client.ts'
import { openComments } from './comments.ts'
import { openCommitStatuses } from './commit-statuses.ts'
import { openCommits } from './commits.ts'
import { openContents } from './contents.ts'
import { openDeployments } from './deployments.ts'
import { openEnvironments } from './environments.ts'
import { openIssueComments } from './issue-comments.ts'
import { openIssues } from './issues.ts'
import { openMilestones } from './milestones.ts'
import { openPullMessages } from './pull-messages.ts'
import { openPullRequest } from './pull-request.ts'
import { openPulls } from './pulls.ts'
import { openRefs } from './refs.ts'
import { openReleases } from './releases.ts'
import { openRuns } from './runs.ts'

export type GitHubOptions = ClientOptions & { context: RunContext }

/**
 * GitHub for one repository and one run. Nothing is loaded or asked before the first call. With `dryRun` every function
 * that would write throws a defect instead.
 */
export const openGitHub = (options: GitHubOptions): GitHub => {
  const client = openClient(options)
  return {
    repository: options.context.repository,
    ...openContents(client),
    ...openChecks(client, options.context.run),
    ...openEnvironments(client),
    ...openRuns(client, options.clock),
    ...openPulls(client),
    ...openPullRequest(client),
    ...openMilestones(client),
    ...openPullMessages(client),
    comments: openComments(client),
    issueComments: openIssueComments(client),
    ...openCommits(client),
    artifacts: openArtifacts(client),
    commitStatuses: openCommitStatuses(client),
    deployments: openDeployments(client),
    refs: openRefs(client),
    releases: openReleases(client),
    issues: openIssues(client, options.clock),
  }
}
