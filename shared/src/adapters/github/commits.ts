import type { CommitMakers, GitHub } from '../../ports/github.ts'
import { chunks } from './chunks.ts'
import type { Client } from './client.ts'

type Person = { name: string | null; email: string | null; user: { login: string } | null } | null
type Node = { oid?: string; author?: Person; committer?: Person }

/** Who made commits, fifty in one call; a commit that GitHub does not have is left out. */
export const openCommits = (client: Client): Pick<GitHub, 'makers'> => ({
  makers: async (shas) => {
    const wanted = [...new Set(shas)].filter((sha) => /^[0-9a-f]{40,64}$/.test(sha))
    const found: CommitMakers[] = []
    for (const some of chunks(wanted, 50)) found.push(...(await read(client, some)))
    return found
  },
})

const person = 'name email user { login }'

const read = async (client: Client, shas: readonly string[]): Promise<CommitMakers[]> => {
  const aliases = shas.map(
    (sha, index) =>
      `c${index}: object(oid: "${sha}") { ... on Commit { oid author { ${person} } committer { ${person} } } }`,
  )
  const { repository } = await client.graphql<{ repository: Record<string, Node | null> | null }>({
    what: `read who made ${shas.length} commits`,
    needs: 'contents: read',
    nature: 'safe',
    query: `query Makers($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ${aliases.join(' ')} } }`,
    variables: { owner: client.owner, name: client.repo },
    tolerate: ['NOT_FOUND'],
  })
  return Object.values(repository ?? {}).flatMap((node) => {
    if (!node?.oid) return []
    const people = [node.author, node.committer].filter((maker) => maker !== null && maker !== undefined)
    return [
      {
        sha: node.oid,
        people: people.map(({ name, email, user }) => ({
          login: user?.login ?? null,
          name: name ?? '',
          email: email ?? '',
        })),
      },
    ]
  })
}
