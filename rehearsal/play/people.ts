import type { Hub } from '../github/hub.ts'

/** What a person does on GitHub's pages, over its API and with a token of their own: machines cannot approve. */
export type Person = {
  name: string
  review(runId: number, environment: string, state: 'approved' | 'rejected', comment: string): Promise<void>
  cancel(runId: number): Promise<void>
}

export const person = (hub: Hub, name: string): Person => {
  const token = hub.mintToken({ actor: name, kind: 'user', permissions: {} })
  const post = async (path: string, body?: unknown): Promise<void> => {
    const answer = await fetch(`${hub.apiUrl}/repos/${hub.owner}/${hub.repo}/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/vnd.github+json',
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${name} could not post ${path}: ${answer.status} ${await answer.text()}`)
  }
  return {
    name,
    review: (runId, environment, state, comment) =>
      post(`actions/runs/${runId}/pending_deployments`, {
        environment_ids: [hub.environment(environment)?.id],
        state,
        comment,
      }),
    cancel: (runId) => post(`actions/runs/${runId}/cancel`),
  }
}
