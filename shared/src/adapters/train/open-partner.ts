import { GitHubError } from '../../ports/github-error.ts'
import type { Partner } from '../../ports/train.ts'
import { fold } from '../../record/fold.ts'
import type { RunLook } from '../../train/train.ts'
import { type Client, type ClientOptions, type Octokit, openClient } from '../github/client.ts'
import { openContents } from '../github/contents.ts'
import { openRecordStore } from '../github/open-record-store.ts'
import { openPushPermission } from '../github/push-permission.ts'
import { openRuns } from '../github/runs.ts'

/** A start that takes longer than this must not happen any more: another pass may have taken over. */
const budgetSeconds = 30
const mostPages = 5

/** Another repository, with a token that reaches it. */
export const openPartner = (options: ClientOptions): Partner => {
  const client = openClient({ ...options, budgetSeconds })
  const { owner, repo } = client
  const contents = openContents(client)
  const runs = openRuns(client, options.clock)
  const store = openRecordStore({ ...options, budgetSeconds })
  const here = `${owner}/${repo}`
  let branch: Promise<string> | undefined
  const defaultBranch = () => (branch ??= contents.defaultBranch())

  const find: Partner['find'] = async (workflow, key, since) => {
    for (let page = 1; page <= mostPages; page += 1) {
      const { data } = await client.call({
        what: `look for a run of ${workflow} in ${here}`,
        needs: 'actions: read',
        nature: 'safe',
        send: (octokit) =>
          octokit.request('GET /repos/{owner}/{repo}/actions/runs', {
            owner,
            repo,
            event: 'workflow_dispatch',
            per_page: 100,
            page,
          }),
      })
      const ours = data.workflow_runs.find(
        ({ path, display_title, name }) =>
          path.split('@')[0] === `.github/workflows/${workflow}` &&
          `${display_title} ${name ?? ''}`.includes(key),
      )
      if (ours) return lookOf(ours)
      const older = data.workflow_runs.some(({ created_at }) => Date.parse(created_at) < since - 60_000)
      if (older || data.workflow_runs.length < 100) return null
    }
    return null
  }

  return {
    find,
    file: async (path) => contents.file(path, await defaultBranch()),
    mayPush: openPushPermission(client),
    start: async (workflow, inputs) => {
      const request = { workflow, ref: await defaultBranch(), inputs }
      const sent = dispatch(client, request, true).catch((error: unknown) => {
        // A GitHub Enterprise Server that does not know the parameter refuses it.
        const unknown =
          error instanceof GitHubError && error.status === 422 && /return_run_details/.test(error.message)
        if (!unknown) throw error
        return dispatch(client, request, false)
      })
      return (await sent).run
    },
    run: async (id) => {
      const run = await runs.run(id)
      // Only a run that is over can be deleted.
      if (run === null) return { id, over: true, conclusion: 'deleted', url: '' }
      return { id, over: run.status === 'completed', conclusion: run.conclusion, url: run.url }
    },
    cancel: (run) => runs.cancelRun(run),
    release: async (service, version) => {
      const events = await store.events(service, version)
      const { state } = fold(events)
      const wanted = state === 'completed' || state === 'deployed'
      const live = wanted ? (await store.service(service)).live : null
      return { state, live: live?.version ?? null }
    },
  }
}

type Sent = { run: RunLook | null }

const dispatch = (
  client: Client,
  { workflow, ref, inputs }: { workflow: string; ref: string; inputs: Record<string, string> },
  details: boolean,
): Promise<Sent> =>
  client.call<Sent>({
    what: `start ${workflow} in ${client.owner}/${client.repo}`,
    needs: 'actions: write',
    // After a lost answer it is not sent again at once: GitHub lists a new run only after some seconds.
    nature: 'swap',
    send: async (octokit: Octokit) => {
      const { data } = await octokit.request(
        'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
        {
          owner: client.owner,
          repo: client.repo,
          workflow_id: workflow,
          ref,
          inputs,
          ...(details && { return_run_details: true }),
        },
      )
      const { workflow_run_id: id, html_url: url = '' } = (data ?? {}) as {
        workflow_run_id?: number
        html_url?: string
      }
      return { run: id === undefined ? null : { id, over: false, conclusion: null, url } }
    },
  })

const lookOf = (run: {
  id: number | bigint
  status: string | null
  conclusion: string | null
  html_url: string
}): RunLook => ({
  id: Number(run.id),
  over: run.status === 'completed',
  conclusion: run.conclusion,
  url: run.html_url,
})
