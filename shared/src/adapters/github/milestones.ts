import type { Milestone, MilestoneIssue } from '../../feature/milestone.ts'
import type { GitHub } from '../../ports/github.ts'
import type { Client } from './client.ts'

type Nodes<T> = { nodes: T[] | null } | null
type PullNode = {
  number: number
  state: 'OPEN' | 'MERGED' | 'CLOSED'
  url: string
}
type IssueNode = {
  number: number
  title: string
  body: string
  url: string
  state: 'OPEN' | 'CLOSED'
  stateReason: string | null
  labels: Nodes<{ name: string }>
  assignees: Nodes<{ login: string }>
  closedByPullRequestsReferences: Nodes<PullNode>
}
type Page = {
  totalCount: number
  nodes: IssueNode[] | null
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}
type Node = { number: number; title: string; url: string; state: 'OPEN' | 'CLOSED'; issues: Page }
type Found = {
  repository: { found: Nodes<Node>; all: Nodes<Pick<Node, 'number' | 'title' | 'state'>> } | null
}

const issues = `issues(first: 100, after: $after) {
  totalCount
  nodes {
    number title body url state stateReason
    labels(first: 20) { nodes { name } }
    assignees(first: 10) { nodes { login } }
    closedByPullRequestsReferences(first: 10, includeClosedPrs: true) { nodes { number state url } }
  }
  pageInfo { hasNextPage endCursor }
}`
const whole = `number title url state ${issues}`

// GitHub does not say how it compares a query with titles: where it finds none, the list of all does.
const find = `query FindMilestone($owner: String!, $name: String!, $search: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    found: milestones(first: 3, query: $search, orderBy: { field: NUMBER, direction: DESC }) { nodes { ${whole} } }
    all: milestones(first: 100, orderBy: { field: NUMBER, direction: DESC }) { nodes { number title state } }
  }
}`
const read = `query ReadMilestone($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { milestone(number: $number) { ${whole} } }
}`

/** More issues than one release holds; the rest is counted. */
const mostPages = 5

const about = { what: 'read the milestone', needs: 'issues: read', nature: 'safe' as const }

/** A milestone with its issues: one call in the usual case, one more for each further hundred issues. */
export const openMilestones = (client: Client): Pick<GitHub, 'milestone'> => {
  const { owner, repo: name } = client

  const readOne = async (number: number, after: string | null): Promise<Node | null> => {
    const { repository } = await client.graphql<{ repository: { milestone: Node | null } | null }>({
      ...about,
      query: read,
      variables: { owner, name, number, after },
    })
    return repository?.milestone ?? null
  }

  const complete = async (node: Node): Promise<Milestone> => {
    const nodes = [...(node.issues.nodes ?? [])]
    let { pageInfo } = node.issues
    for (let page = 1; pageInfo.hasNextPage && page < mostPages; page += 1) {
      const next = await readOne(node.number, pageInfo.endCursor)
      if (!next) break
      nodes.push(...(next.issues.nodes ?? []))
      pageInfo = next.issues.pageInfo
    }
    const { number, title, url, state } = node
    return {
      number,
      title,
      url,
      state: state === 'OPEN' ? 'open' : 'closed',
      issues: nodes.map(issueOf),
      unread: Math.max(0, node.issues.totalCount - nodes.length),
    }
  }

  return {
    milestone: async (titles) => {
      const [first] = titles
      if (first === undefined) return null
      const { repository } = await client.graphql<Found>({
        ...about,
        query: find,
        variables: { owner, name, search: first, after: null },
      })
      const found = repository?.found?.nodes ?? []
      // A likelier title that the search left out wins over one that it found.
      const listed = named([...found, ...(repository?.all?.nodes ?? [])], titles)
      const whole = found.find(({ number }) => number === listed?.number)
      if (whole) return complete(whole)
      const node = listed ? await readOne(listed.number, null) : null
      return node ? complete(node) : null
    },
  }
}

/** The one of the first title that there is, whatever its case. */
const named = <T extends { title: string }>(nodes: readonly T[], titles: readonly string[]): T | undefined =>
  titles
    .flatMap((title) => nodes.filter((node) => node.title.trim().toLowerCase() === title.toLowerCase()))
    .at(0)

const issueOf = (node: IssueNode): MilestoneIssue => ({
  number: node.number,
  title: node.title,
  body: node.body,
  url: node.url,
  state: node.state === 'OPEN' ? 'open' : 'closed',
  dropped: node.state === 'CLOSED' && ['NOT_PLANNED', 'DUPLICATE'].includes(node.stateReason ?? ''),
  labels: (node.labels?.nodes ?? []).map(({ name }) => name),
  owners: (node.assignees?.nodes ?? []).map(({ login }) => login),
  // One of another repository has the number of a pull request that is not it.
  pulls: (node.closedByPullRequestsReferences?.nodes ?? [])
    .filter(({ url }) => url.startsWith(node.url.replace(/\/issues\/\d+$/, '/pull/')))
    .map(({ number, state }) => ({
      number,
      state: state === 'OPEN' ? 'open' : state === 'MERGED' ? 'merged' : 'closed',
    })),
})
