import type { Hub, Run } from '../../github/hub.ts'
import type { Source } from '../workflow/source.ts'

export type Trigger = {
  event: string
  /** `refs/heads/main` or `refs/tags/v1`. */
  ref: string
  sha: string
  actor: string
  payload: Record<string, unknown>
}

/** The `github` context of a run; in a called workflow it is the caller's (docs: reuse-workflows; contexts#github-context). */
export function githubContext(
  hub: Hub,
  run: Run,
  trigger: Trigger,
  runNumber: number,
): Record<string, unknown> {
  const repository = `${hub.owner}/${hub.repo}`
  return {
    actor: trigger.actor,
    actor_id: numberOf(trigger.actor),
    api_url: hub.apiUrl,
    base_ref: '',
    event: trigger.payload,
    event_name: trigger.event,
    graphql_url: hub.graphqlUrl,
    head_ref: '',
    ref: trigger.ref,
    ref_name: trigger.ref.replace(/^refs\/(heads|tags)\//, ''),
    ref_protected: trigger.ref === `refs/heads/${hub.defaultBranch}`,
    ref_type: trigger.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository,
    repository_id: numberOf(repository),
    repository_owner: hub.owner,
    repository_owner_id: numberOf(hub.owner),
    repositoryUrl: `${hub.serverUrl.replace(/^http/, 'git')}/${repository}.git`,
    retention_days: '90',
    run_attempt: String(run.attempt),
    run_id: String(run.id),
    run_number: String(runNumber),
    secret_source: 'Actions',
    server_url: hub.serverUrl,
    sha: trigger.sha,
    triggering_actor: trigger.actor,
    workflow: run.name,
    workflow_ref: `${repository}/${run.workflow}@${trigger.ref}`,
    workflow_sha: trigger.sha,
  }
}

/** The `job` context: where the workflow file of this job is, also for a called one (docs: contexts#job-context). */
export function jobContext(jobId: number, source: Source, path: string): Record<string, unknown> {
  return {
    status: 'success',
    check_run_id: jobId,
    workflow_ref: `${source.repository}/${path}@${source.ref}`,
    workflow_sha: source.sha,
    workflow_repository: source.repository,
    workflow_file_path: path,
  }
}

/** Stable made-up id of an account or a repository. */
function numberOf(name: string): string {
  let hash = 7
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 900_000_000
  return String(hash + 1_000_000)
}
