import type { GitHub } from '../../ports/github.ts'
import type { Client } from './client.ts'

type Comment = { fullDatabaseId: string | number; body: string; url: string; viewerDidAuthor: boolean }
type Answer = { repository: { pullRequest: { comments: Page } | null } | null }
type Page = { nodes: Comment[] | null; pageInfo: { hasNextPage: boolean; endCursor: string | null } }

const query = `query Comments($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      comments(first: 100, after: $after) {
        nodes { fullDatabaseId body url viewerDidAuthor }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`

const needs = 'pull-requests: write'

/** Comments that relman keeps up to date: found by a marker on the first line, and only where its own account wrote them. */
export const openComments = (client: Client): GitHub['comments'] => {
  const { owner, repo } = client

  const own = async (pull: number, marker: string): Promise<Comment[]> => {
    const found: Comment[] = []
    for (let after: string | null = null; ; ) {
      const answer: Answer = await client.graphql<Answer>({
        what: `read the comments of pull request ${pull}`,
        needs: 'pull-requests: read',
        nature: 'safe',
        query,
        variables: { owner, name: repo, number: pull, after },
      })
      const page = answer.repository?.pullRequest?.comments
      found.push(...(page?.nodes ?? []).filter(isOurs(marker)))
      if (!page?.pageInfo.hasNextPage) return found
      after = page.pageInfo.endCursor
    }
  }

  const create = (pull: number, marker: string, body: string): Promise<{ url: string }> =>
    client.call({
      what: `comment on pull request ${pull}`,
      needs,
      nature: 'create',
      probe: async () => (await own(pull, marker))[0] ?? null,
      send: async (octokit) => {
        const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
        const { data } = await octokit.request(route, { owner, repo, issue_number: pull, body })
        return { url: data.html_url }
      },
    })

  const update = async (comment: Comment, pull: number, body: string): Promise<void> => {
    await client.call({
      what: `update the comment on pull request ${pull}`,
      needs,
      nature: 'idempotent',
      send: (octokit) =>
        octokit.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
          owner,
          repo,
          comment_id: Number(comment.fullDatabaseId),
          body,
        }),
    })
  }

  return {
    ensure: async ({ pull, marker, body }) => {
      const text = `${lineOf(marker)}\n${body}`
      const [first, ...others] = await own(pull, marker)
      // Two runs may have begun it at the same moment; the older one stays.
      for (const other of others)
        await update(other, pull, 'Said above, in the comment that is kept up to date.')
      if (!first) return create(pull, marker, text)
      if (first.body !== text) await update(first, pull, text)
      return { url: first.url }
    },
  }
}

const lineOf = (marker: string): string => `<!-- ${marker} -->`

const isOurs =
  (marker: string) =>
  ({ body, viewerDidAuthor }: Comment): boolean =>
    viewerDidAuthor && body.split(/\r?\n/, 1)[0] === lineOf(marker)
