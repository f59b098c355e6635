import type { GitHub, PullRequest } from '../../ports/github.ts'
import type { Client } from './client.ts'

type Review = {
  state: string
  authorCanPushToRepository: boolean
  author: { login: string } | null
  commit: { oid: string } | null
}

type Node = {
  number: number
  title: string
  author: { __typename: string; login: string } | null
  baseRefName: string
  headRefName: string
  headRefOid: string
  isCrossRepository: boolean
  labels: { nodes: { name: string }[] | null } | null
  reviews: { nodes: Review[] | null; pageInfo: { hasNextPage: boolean; endCursor: string | null } } | null
}

const query = `query PullRequest($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      number title baseRefName headRefName headRefOid isCrossRepository
      author { __typename login }
      labels(first: 100) { nodes { name } }
      reviews(first: 100, after: $after, states: [APPROVED, CHANGES_REQUESTED, DISMISSED]) {
        nodes { state authorCanPushToRepository author { login } commit { oid } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`

/** More reviews than people give; beyond it an approval would have to be older than a thousand others. */
const mostPages = 10

/** A pull request with the reviews that decide, in one call for each hundred reviews. */
export const openPullRequest = (client: Client): Pick<GitHub, 'pullRequest'> => ({
  pullRequest: async (number) => {
    const reviews: PullRequest['reviews'] = []
    let after: string | null = null
    for (let page = 1; ; page += 1) {
      const node = await read(client, number, after)
      if (node === null) return null
      reviews.push(...(node.reviews?.nodes ?? []).map(reviewOf))
      const { hasNextPage = false, endCursor = null } = node.reviews?.pageInfo ?? {}
      if (!hasNextPage || page === mostPages) return { ...pullOf(node), reviews }
      after = endCursor
    }
  },
})

const read = async (client: Client, number: number, after: string | null): Promise<Node | null> => {
  const { repository } = await client.graphql<{ repository: { pullRequest: Node | null } | null }>({
    what: `read pull request ${number}`,
    needs: 'pull-requests: read',
    nature: 'safe',
    query,
    variables: { owner: client.owner, name: client.repo, number, after },
    tolerate: ['NOT_FOUND'],
  })
  return repository?.pullRequest ?? null
}

/** GraphQL says a bot's login without `[bot]`; everything else of ours says it with it. */
const loginOf = (author: Node['author']): string =>
  author === null ? 'ghost' : author.__typename === 'Bot' ? `${author.login}[bot]` : author.login

const pullOf = (node: Node): Omit<PullRequest, 'reviews'> => ({
  number: node.number,
  title: node.title,
  author: loginOf(node.author),
  base: node.baseRefName,
  branch: node.headRefName,
  head: node.headRefOid,
  fork: node.isCrossRepository,
  labels: (node.labels?.nodes ?? []).map(({ name }) => name),
})

const reviewOf = ({ state, authorCanPushToRepository, author, commit }: Review) => ({
  by: author?.login ?? 'ghost',
  state: state.toLowerCase().replaceAll('_', '-'),
  commit: commit?.oid ?? '',
  canPush: authorCanPushToRepository,
})
