import type { GitHub, Pull } from '../../ports/github.ts'
import { GitHubError } from '../../ports/github-error.ts'
import { chunks } from './chunks.ts'
import type { Client } from './client.ts'

type Node = {
  number: number
  title: string
  author: { login: string } | null
  mergedBy: { login: string } | null
  labels: { nodes: { name: string }[] | null } | null
  closingIssuesReferences: { nodes: { number: number }[] | null } | null
}

const fields = `number title author { login } mergedBy { login }
  labels(first: 50) { nodes { name } } closingIssuesReferences(first: 20) { nodes { number } }`

/** A query of so few is asked as long as the budget lasts; a larger one that GitHub cannot answer is asked in halves. */
const smallest = 10
const tries = 3

/** Pull requests by number, a hundred in one call, fewer where GitHub gives up on so many. */
export const openPulls = (client: Client): Pick<GitHub, 'pulls'> => ({
  pulls: async (numbers) => {
    const wanted = [...new Set(numbers)].filter((number) => Number.isSafeInteger(number) && number > 0)
    const found: Pull[] = []
    for (const some of chunks(wanted, 100)) found.push(...(await read(client, some)))
    return found
  },
})

const read = async (client: Client, numbers: readonly number[]): Promise<Pull[]> => {
  try {
    return await readTogether(client, numbers)
  } catch (error) {
    const heavy = error instanceof GitHubError && error.reasonCode === 'github-unavailable'
    if (!heavy || numbers.length <= smallest) throw error
    const half = Math.ceil(numbers.length / 2)
    return [...(await read(client, numbers.slice(0, half))), ...(await read(client, numbers.slice(half)))]
  }
}

const readTogether = async (client: Client, numbers: readonly number[]): Promise<Pull[]> => {
  const aliases = numbers.map((number) => `p${number}: pullRequest(number: ${number}) { ${fields} }`)
  const { repository } = await client.graphql<{ repository: Record<string, Node | null> | null }>({
    what: `read ${numbers.length} pull requests`,
    needs: 'pull-requests: read',
    nature: 'safe',
    ...(numbers.length > smallest ? { tries } : {}),
    query: `query Pulls($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ${aliases.join(' ')} } }`,
    variables: { owner: client.owner, name: client.repo },
    // A number may belong to an issue, or to another repository's pull request.
    tolerate: ['NOT_FOUND'],
  })
  return Object.values(repository ?? {})
    .filter((node) => node !== null)
    .map((node) => ({
      number: node.number,
      title: node.title,
      author: node.author?.login ?? 'ghost',
      labels: (node.labels?.nodes ?? []).map(({ name }) => name),
      mergedBy: node.mergedBy?.login ?? null,
      issues: (node.closingIssuesReferences?.nodes ?? []).map(({ number }) => number),
    }))
}
