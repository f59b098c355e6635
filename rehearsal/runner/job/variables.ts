/** Properties of the `github` context that become variables (runner: src/Runner.Worker/GitHubContext.cs). */
const exposed = [
  'action',
  'action_path',
  'action_ref',
  'action_repository',
  'actor',
  'actor_id',
  'api_url',
  'base_ref',
  'env',
  'event_name',
  'event_path',
  'graphql_url',
  'head_ref',
  'job',
  'output',
  'path',
  'ref',
  'ref_name',
  'ref_protected',
  'ref_type',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'retention_days',
  'run_attempt',
  'run_id',
  'run_number',
  'server_url',
  'sha',
  'state',
  'step_summary',
  'triggering_actor',
  'workflow',
  'workflow_ref',
  'workflow_sha',
  'workspace',
]

/** GITHUB_* and RUNNER_* of a process; `github.token` is never among them. */
export function githubVariables(
  github: Record<string, unknown>,
  runner: Record<string, unknown>,
): Record<string, string> {
  const variables: Record<string, string> = { CI: 'true', GITHUB_ACTIONS: 'true' }
  for (const name of exposed) {
    const value = github[name]
    if (value !== undefined && value !== null) variables[`GITHUB_${name.toUpperCase()}`] = String(value)
  }
  for (const [name, value] of Object.entries(runner))
    if (value !== '') variables[`RUNNER_${name.toUpperCase()}`] = String(value)
  return variables
}
