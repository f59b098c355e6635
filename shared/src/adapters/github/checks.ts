import type { Check, GitHub } from '../../ports/github.ts'
import type { RunContext } from '../../runtime/run-context.ts'
import { isOwnContext } from '../../whereabouts/whereabouts.ts'
import type { Client } from './client.ts'
import { everyPage } from './pages.ts'

type CheckRun = {
  name: string
  status: string
  conclusion: string | null
  details_url: string | null
  html_url: string | null
}

/**
 * Check runs and commit statuses of a commit. What runs of the release workflow itself left there is not evidence and
 * is left out: its own jobs are still running while they ask.
 */
export const openChecks = (client: Client, run: RunContext['run']): Pick<GitHub, 'checks'> => ({
  checks: async (sha) => {
    const [runs, statuses] = await Promise.all([checkRuns(client, sha), commitStatuses(client, sha)])
    const own = await ownRuns(client, sha, run, runs)
    return [...runs.filter((check) => !own.has(runOf(check))).map(fromRun), ...statuses]
  },
})

const checkRuns = async (client: Client, sha: string): Promise<CheckRun[]> => {
  const { owner, repo } = client
  return everyPage(client, `read the check runs of ${sha}`, 'checks: read', async (octokit, range) => {
    const { data, headers } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
      owner,
      repo,
      ref: sha,
      filter: 'latest',
      ...range,
    })
    return { data: data.check_runs, headers }
  })
}

const commitStatuses = async (client: Client, sha: string): Promise<Check[]> => {
  const { owner, repo } = client
  const statuses = await everyPage(
    client,
    `read the statuses of ${sha}`,
    'statuses: read',
    async (octokit, range) => {
      const { data, headers } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/status', {
        owner,
        repo,
        ref: sha,
        ...range,
      })
      return { data: data.statuses, headers }
    },
  )
  return statuses
    .filter(({ context }) => !isOwnContext(context))
    .map(({ context, state, target_url }) => ({
      name: context,
      state: state === 'success' ? 'success' : state === 'pending' ? 'pending' : 'failure',
      url: target_url ?? '',
    }))
}

/** The runs of the release workflow for this commit: ours, and others that were started for the same commit. */
const ownRuns = async (
  client: Client,
  sha: string,
  run: RunContext['run'],
  checks: readonly CheckRun[],
): Promise<Set<number | null>> => {
  const own = new Set<number | null>([run.id])
  if (checks.every((check) => own.has(runOf(check)) || runOf(check) === null)) return own
  const { owner, repo } = client
  const path = workflowPath(run.workflow)
  const runs = await everyPage(
    client,
    `list the workflow runs of ${sha}`,
    'actions: read',
    async (octokit, range) => {
      const { data, headers } = await octokit.request('GET /repos/{owner}/{repo}/actions/runs', {
        owner,
        repo,
        head_sha: sha,
        ...range,
      })
      return { data: data.workflow_runs, headers }
    },
  )
  for (const other of runs) if (workflowPath(other.path) === path) own.add(Number(other.id))
  return own
}

/** `owner/name/.github/workflows/release.yml@refs/heads/main` and `.github/workflows/release.yml` are the same file. */
const workflowPath = (workflow: string): string =>
  (workflow.split('@')[0] ?? '').replace(/^[^/]+\/[^/]+\/(?=\.github\/)/, '')

const runOf = ({ details_url }: CheckRun): number | null => {
  const id = /\/actions\/runs\/(\d+)/.exec(details_url ?? '')?.[1]
  return id === undefined ? null : Number(id)
}

const fromRun = ({ name, status, conclusion, html_url, details_url }: CheckRun): Check => ({
  name,
  state: status === 'completed' ? concluded(conclusion) : 'pending',
  url: html_url ?? details_url ?? '',
})

const concluded = (conclusion: string | null): Check['state'] => {
  if (conclusion === 'success') return 'success'
  return conclusion === 'neutral' || conclusion === 'skipped' ? 'neutral' : 'failure'
}
