import type { GitHub } from '../../ports/github.ts'
import type { Client } from './client.ts'

type Page = {
  totalCount: number
  nodes: ({ commit: { message: string } } | null)[] | null
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}
type Answer = { repository: { pullRequest: { commits: Page } | null } | null }

const query = `query PullMessages($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      commits(first: 100, after: $after) {
        totalCount
        nodes { commit { message } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`

const mostPages = 10

/** What the commits of a pull request say, in one call for each hundred; `total` counts those that were not read too. */
export const openPullMessages = (client: Client): Pick<GitHub, 'pullMessages'> => ({
  pullMessages: async (number) => {
    const messages: string[] = []
    let after: string | null = null
    for (let page = 1; ; page += 1) {
      const commits = await read(client, number, after)
      // A pull request that vanished in between was not read.
      if (!commits) return { messages, total: messages.length + 1 }
      messages.push(...(commits.nodes ?? []).flatMap((node) => (node ? [node.commit.message] : [])))
      after = commits.pageInfo.endCursor
      if (!commits.pageInfo.hasNextPage || page === mostPages) return { messages, total: commits.totalCount }
    }
  },
})

const read = async (client: Client, number: number, after: string | null): Promise<Page | undefined> => {
  const { repository } = await client.graphql<Answer>({
    what: `read the commits of pull request ${number}`,
    needs: 'pull-requests: read',
    nature: 'safe',
    query,
    variables: { owner: client.owner, name: client.repo, number, after },
    tolerate: ['NOT_FOUND'],
  })
  return repository?.pullRequest?.commits
}
