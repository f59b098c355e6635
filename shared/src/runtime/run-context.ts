import type { RunRef } from '../record/event.ts'

/** Where and as whom an action runs, from the variables that GitHub sets for every step. */
export type RunContext = {
  repository: { owner: string; name: string }
  actor: string
  sha: string
  ref: string
  workspace: string
  apiUrl: string
  graphqlUrl: string
  serverUrl: string
  run: RunRef
  runUrl: string
}

/** Reads the context once. Missing variables become empty or zero, so that an action also runs outside GitHub. */
export const readRunContext = (env: Record<string, string | undefined>): RunContext => {
  const [owner = '', name = ''] = (env['GITHUB_REPOSITORY'] ?? '').split('/')
  const serverUrl = env['GITHUB_SERVER_URL'] ?? 'https://github.com'
  const id = Number(env['GITHUB_RUN_ID'] ?? 0)
  return {
    repository: { owner, name },
    actor: env['GITHUB_ACTOR'] ?? '',
    sha: env['GITHUB_SHA'] ?? '',
    ref: env['GITHUB_REF'] ?? '',
    workspace: env['GITHUB_WORKSPACE'] ?? '.',
    apiUrl: env['GITHUB_API_URL'] ?? 'https://api.github.com',
    graphqlUrl: env['GITHUB_GRAPHQL_URL'] ?? 'https://api.github.com/graphql',
    serverUrl,
    run: {
      id,
      attempt: Number(env['GITHUB_RUN_ATTEMPT'] ?? 1),
      workflow: env['GITHUB_WORKFLOW_REF'] ?? env['GITHUB_WORKFLOW'] ?? '',
      job: env['GITHUB_JOB'] ?? '',
    },
    runUrl: `${serverUrl}/${owner}/${name}/actions/runs/${id}`,
  }
}
