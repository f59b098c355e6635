import type { GitHub } from '../../ports/github.ts'
import { chunks } from './chunks.ts'
import type { Client } from './client.ts'

type Status = { state: string; description: string | null }
type Node = { oid?: string; status?: { context: Status | null } | null }
type Answer = { repository: Record<string, Node | null> | null }

/** Commits that one request reads. */
const atOnce = 50

/** Statuses of commits: read fifty commits at a time, written one by one, as GitHub has it. */
export const openCommitStatuses = (client: Client): GitHub['commitStatuses'] => {
  const { owner, repo } = client

  const readSome = async (context: string, shas: readonly string[]) => {
    const fields = shas.map(
      (sha, index) =>
        `c${index}: object(oid: "${sha}") { ... on Commit { oid status { context(name: $context) { state description } } } }`,
    )
    const { repository } = await client.graphql<Answer>({
      what: `read the statuses of ${shas.length} commits`,
      needs: 'statuses: read',
      nature: 'safe',
      query: `query Statuses($owner: String!, $name: String!, $context: String!) { repository(owner: $owner, name: $name) { ${fields.join(' ')} } }`,
      variables: { owner, name: repo, context },
      tolerate: ['NOT_FOUND'],
    })
    return Object.values(repository ?? {}).flatMap((node) => {
      const found = node?.status?.context
      return node?.oid && found
        ? [{ sha: node.oid, state: found.state.toLowerCase(), description: found.description ?? '' }]
        : []
    })
  }

  return {
    read: async (context, shas) => {
      const wanted = [...new Set(shas)].filter((sha) => /^[0-9a-f]{40,64}$/.test(sha))
      const found: Awaited<ReturnType<GitHub['commitStatuses']['read']>> = []
      for (const some of chunks(wanted, atOnce)) found.push(...(await readSome(context, some)))
      return found
    },

    // The newest of a context counts, so a second one of the same words changes nothing.
    write: async ({ sha, context, state, description, url }) => {
      await client.call({
        what: `set the status ${context} of commit ${sha.slice(0, 12)}`,
        needs: 'statuses: write',
        nature: 'idempotent',
        send: (octokit) =>
          octokit.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
            owner,
            repo,
            sha,
            context,
            state,
            description: description.slice(0, 140),
            target_url: url,
          }),
      })
    },
  }
}
