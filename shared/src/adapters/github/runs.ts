import type { Clock } from '../../ports/clock.ts'
import type { Approval, GitHub } from '../../ports/github.ts'
import { GitHubError } from '../../ports/github-error.ts'
import type { Client } from './client.ts'
import { orNull } from './or-null.ts'

type Runs = Pick<GitHub, 'approvals' | 'run' | 'cancelRun' | 'dispatch'>

/** Workflow runs: who approved what in them, whether they live, and how to start or stop one. */
export const openRuns = (client: Client, clock: Clock): Runs => {
  const { owner, repo } = client
  const started = (workflow: string, since: number) => newestDispatch(client, workflow, since)
  return {
    approvals: async (runId) => {
      const { data } = await client.call({
        what: `read the approvals of run ${runId}`,
        needs: 'actions: read',
        nature: 'safe',
        send: (octokit) =>
          octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals', {
            owner,
            repo,
            run_id: runId,
          }),
      })
      return data.map(
        ({ environments, state, comment, user }): Approval => ({
          environments: environments.map(({ name }) => name ?? ''),
          state,
          user: user.login,
          bot: user.type === 'Bot' || user.login.endsWith('[bot]'),
          comment: comment ?? '',
        }),
      )
    },

    run: async (runId) => {
      const found = await orNull(
        client.call({
          what: `read run ${runId}`,
          needs: 'actions: read',
          nature: 'safe',
          send: (octokit) =>
            octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', {
              owner,
              repo,
              run_id: runId,
            }),
        }),
      )
      if (!found) return null
      const { id, run_attempt, status, conclusion, actor, triggering_actor, html_url } = found.data
      return {
        id: Number(id),
        attempt: run_attempt ?? 1,
        status: status ?? '',
        conclusion: conclusion ?? null,
        actor: actor?.login ?? '',
        triggeringActor: triggering_actor?.login ?? '',
        url: html_url,
      }
    },

    cancelRun: async (runId) => {
      const ended = client.call({
        what: `cancel run ${runId}`,
        needs: 'actions: write',
        nature: 'idempotent',
        send: (octokit) =>
          octokit.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel', {
            owner,
            repo,
            run_id: runId,
          }),
      })
      await ended.catch((error: unknown) => {
        // 409: the run is over already, which is what was wanted.
        if (!(error instanceof GitHubError && error.status === 409)) throw error
      })
    },

    dispatch: async (workflow, ref, inputs) => {
      const since = clock.now()
      await client.call({
        what: `start the workflow ${workflow}`,
        needs: 'actions: write',
        nature: 'create',
        send: async (octokit) => {
          await octokit.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
            owner,
            repo,
            workflow_id: workflow,
            ref,
            inputs,
          })
          return true
        },
        probe: () => started(workflow, since),
      })
    },
  }
}

/** True when a run of the workflow was started by dispatch since then; the clocks may differ by some seconds. */
const newestDispatch = async (client: Client, workflow: string, since: number): Promise<true | null> => {
  const { owner, repo } = client
  const { data } = await client.call({
    what: `see whether ${workflow} was started`,
    needs: 'actions: read',
    nature: 'safe',
    send: (octokit) =>
      octokit.request('GET /repos/{owner}/{repo}/actions/runs', {
        owner,
        repo,
        event: 'workflow_dispatch',
        per_page: 30,
      }),
  })
  const ours = data.workflow_runs.some(
    ({ path, created_at }) =>
      path.split('@')[0]?.endsWith(workflow) && Date.parse(created_at) >= since - 5_000,
  )
  return ours || null
}
