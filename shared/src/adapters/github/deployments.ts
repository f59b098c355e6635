import type { DeploymentStatus, GitHub } from '../../ports/github.ts'
import type { Client } from './client.ts'
import { everyPage } from './pages.ts'

const longest = 140
/** Of one commit, service and environment; more are retries. */
const mostRead = 10

/** Deployments and their statuses, the only thing that the walking job may write. */
export const openDeployments = (client: Client): GitHub['deployments'] => {
  const { owner, repo } = client

  const statuses = async (deployment: number): Promise<DeploymentStatus[]> => {
    const all = await everyPage(
      client,
      `read the statuses of deployment ${deployment}`,
      'deployments: read',
      (octokit, range) =>
        octokit.request('GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
          owner,
          repo,
          deployment_id: deployment,
          ...range,
        }),
    )
    return all.map(({ id, state, description, created_at, creator }) => ({
      id: Number(id),
      state,
      description,
      createdAt: created_at,
      creator: creator?.login ?? '',
    }))
  }

  const newest = async (deployment: number): Promise<DeploymentStatus | null> => {
    const [status] = await statuses(deployment)
    return status ?? null
  }

  return {
    of: async (environment, sha, concerns) => {
      const all = await everyPage(
        client,
        `list the deployments to ${environment}`,
        'deployments: read',
        (octokit, range) =>
          octokit.request('GET /repos/{owner}/{repo}/deployments', {
            owner,
            repo,
            sha,
            environment,
            ...range,
          }),
      )
      const newest = all
        .map(({ id, payload }) => ({ id: Number(id), payload: objectOf(payload) }))
        .filter(({ payload }) => concerns(payload))
        .sort((a, b) => b.id - a.id)
        .slice(0, mostRead)
      return Promise.all(
        newest.map(async ({ id, payload }) => {
          // One that succeeded is inactive as soon as another one follows.
          const times = (await statuses(id)).filter(({ state }) => state === 'success')
          const [first = null] = times.map(({ createdAt }) => createdAt).sort()
          return { id, payload, succeededAt: first }
        }),
      )
    },

    ensure: async ({ sha, environment, marker, payload, description }) => {
      const probe = () => find(client, sha, environment, marker)
      const known = await probe()
      if (known !== null) return known
      return client.call({
        what: `create the deployment to ${environment}`,
        needs: 'deployments: write',
        nature: 'create',
        probe,
        send: async (octokit) => {
          const { data } = await octokit.request('POST /repos/{owner}/{repo}/deployments', {
            owner,
            repo,
            ref: sha,
            environment,
            // GitHub's defaults would merge the default branch into the commit and ask for every check again.
            auto_merge: false,
            required_contexts: [],
            payload: { ...payload, marker },
            description: description.slice(0, longest),
          })
          if (!('id' in data)) throw new TypeError(`GitHub created no deployment: ${data.message ?? ''}`)
          return Number(data.id)
        },
      })
    },

    statuses: async (deployment) => (await statuses(deployment)).sort((a, b) => b.id - a.id),

    report: async (deployment, state, description) => {
      if (description.length > longest) throw new TypeError(`a deployment status holds ${longest} characters`)
      const same = async (): Promise<true | null> => {
        const last = await newest(deployment)
        return last?.state === state && last.description === description ? true : null
      }
      if (await same()) return
      await client.call({
        what: `report to deployment ${deployment}`,
        needs: 'deployments: write',
        nature: 'create',
        probe: same,
        send: async (octokit) => {
          await octokit.request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
            owner,
            repo,
            deployment_id: deployment,
            state,
            description,
            auto_inactive: false,
          })
          return true
        },
      })
    },
  }
}

const find = async (
  client: Client,
  sha: string,
  environment: string,
  marker: string,
): Promise<number | null> => {
  const { owner, repo } = client
  const all = await everyPage(
    client,
    `look for the deployment to ${environment}`,
    'deployments: read',
    (octokit, range) =>
      octokit.request('GET /repos/{owner}/{repo}/deployments', { owner, repo, sha, environment, ...range }),
  )
  const found = all.find(({ payload }) => markerOf(payload) === marker)
  return found ? Number(found.id) : null
}

/** GitHub gives a payload back as an object or as the text that was sent. */
const objectOf = (payload: unknown): unknown => {
  if (typeof payload !== 'string') return payload
  try {
    return JSON.parse(payload)
  } catch {
    return undefined
  }
}

const markerOf = (payload: unknown): unknown =>
  (objectOf(payload) as { marker?: unknown } | null | undefined)?.marker
