import type { GitHub } from '../../ports/github.ts'
import type { Client } from './client.ts'

type Comment = { fullDatabaseId: string | number; body: string; url: string; viewerDidAuthor: boolean }
type Answer = { repository: { place: { comments: Page } | null } | null }
type Page = { nodes: Comment[] | null; pageInfo: { hasNextPage: boolean; endCursor: string | null } }

type Place = { kind: 'issue' | 'pullRequest'; number: number }

const queryOf = ({
  kind,
}: Place): string => `query Comments($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    place: ${kind}(number: $number) {
      comments(first: 100, after: $after) {
        nodes { fullDatabaseId body url viewerDidAuthor }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`

const words = { issue: 'issue', pullRequest: 'pull request' } as const
const scopes = { issue: 'issues', pullRequest: 'pull-requests' } as const

/** Comments that relman keeps up to date: found by a marker on the first line, and only where its own account wrote them. */
export const openComments = (client: Client): GitHub['comments'] => {
  const { owner, repo } = client

  const own = async (place: Place, marker: string): Promise<Comment[]> => {
    const found: Comment[] = []
    for (let after: string | null = null; ; ) {
      const answer: Answer = await client.graphql<Answer>({
        what: `read the comments of ${words[place.kind]} ${place.number}`,
        needs: `${scopes[place.kind]}: read`,
        nature: 'safe',
        query: queryOf(place),
        variables: { owner, name: repo, number: place.number, after },
      })
      const page = answer.repository?.place?.comments
      found.push(...(page?.nodes ?? []).filter(isOurs(marker)))
      if (!page?.pageInfo.hasNextPage) return found
      after = page.pageInfo.endCursor
    }
  }

  const create = (place: Place, marker: string, body: string): Promise<{ url: string }> =>
    client.call({
      what: `comment on ${words[place.kind]} ${place.number}`,
      needs: `${scopes[place.kind]}: write`,
      nature: 'create',
      probe: async () => (await own(place, marker))[0] ?? null,
      send: async (octokit) => {
        const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
        const { data } = await octokit.request(route, { owner, repo, issue_number: place.number, body })
        return { url: data.html_url }
      },
    })

  const update = async (comment: Comment, place: Place, body: string): Promise<void> => {
    await client.call({
      what: `update the comment on ${words[place.kind]} ${place.number}`,
      needs: `${scopes[place.kind]}: write`,
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
    ensure: async ({ marker, body, ...on }) => {
      const place: Place =
        'pull' in on ? { kind: 'pullRequest', number: on.pull } : { kind: 'issue', number: on.issue }
      const text = `${lineOf(marker)}\n${body}`
      const [first, ...others] = await own(place, marker)
      // Two runs may have begun it at the same moment; the older one stays.
      for (const other of others)
        await update(other, place, 'Said above, in the comment that is kept up to date.')
      if (!first) return create(place, marker, text)
      if (first.body !== text) await update(first, place, text)
      return { url: first.url }
    },
  }
}

const lineOf = (marker: string): string => `<!-- ${marker} -->`

const isOurs =
  (marker: string) =>
  ({ body, viewerDidAuthor }: Comment): boolean =>
    viewerDidAuthor && body.split(/\r?\n/, 1)[0] === lineOf(marker)
