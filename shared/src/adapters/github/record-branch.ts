import { GitHubError } from '../../ports/github-error.ts'
import type { Client } from './client.ts'
import type { RecordFile } from './record-files.ts'

/** A file to write, as text. */
export type Addition = { path: string; text: string }

/** The branch that holds the record, as git has it. */
export type RecordBranch = {
  name: string
  /** Its newest commit; null when the branch does not exist. */
  head(): Promise<string | null>
  /** The files below each path, at a commit: a folder's files, or the one file; an empty list when absent. */
  files(oid: string, paths: readonly string[]): Promise<RecordFile[][]>
  names(oid: string, path: string): Promise<string[]>
  /** The folders in a folder, each with the names in it. */
  folders(oid: string, path: string): Promise<{ name: string; names: string[] }[]>
  /** Writes files onto `expected`, or fails: `isStale` tells whether the branch had moved. */
  commit(expected: string, headline: string, additions: readonly Addition[]): Promise<string>
  create(): Promise<void>
}

type Blob = { text?: string | null; isTruncated?: boolean } | null
type Tree = Blob & { entries?: { name: string; object: Tree | null }[] }
type Objects = { repository: Record<string, Tree | null> | null }

export const openRecordBranch = (client: Client, name = 'relman-record'): RecordBranch => {
  const { owner, repo } = client
  const repository = { owner, name: repo }
  return {
    name,
    head: async () => {
      const { repository: found } = await client.graphql<{
        repository: { ref: { target: { oid: string } | null } | null } | null
      }>({
        what: `read the branch ${name}`,
        needs: 'contents: read',
        nature: 'safe',
        query: headQuery,
        variables: { ...repository, ref: `refs/heads/${name}` },
      })
      return found?.ref?.target?.oid ?? null
    },

    files: async (oid, paths) => {
      const objects = await read(client, filesQuery(paths), oid, paths)
      return paths.map((path, index) => filesOf(objects[`p${index}`] ?? null, path))
    },

    names: async (oid, path) => {
      const objects = await read(client, namesQuery, oid, [path])
      return (objects['p0']?.entries ?? []).map((entry) => entry.name)
    },

    folders: async (oid, path) => {
      const objects = await read(client, foldersQuery, oid, [path])
      return (objects['p0']?.entries ?? []).map(({ name, object }) => ({
        name,
        names: (object?.entries ?? []).map((entry) => entry.name),
      }))
    },

    commit: async (expected, headline, additions) => {
      const { createCommitOnBranch } = await client.graphql<{
        createCommitOnBranch: { commit: { oid: string } } | null
      }>({
        what: `write the record on the branch ${name}`,
        needs: 'contents: write',
        nature: 'swap',
        query: commitMutation,
        variables: {
          input: {
            branch: { repositoryNameWithOwner: `${owner}/${repo}`, branchName: name },
            message: { headline },
            expectedHeadOid: expected,
            fileChanges: { additions: additions.map(({ path, text }) => ({ path, contents: base64(text) })) },
          },
        },
      })
      if (!createCommitOnBranch) throw new GitHubError('github-unavailable', 'GitHub gave no commit back')
      return createCommitOnBranch.commit.oid
    },

    create: () => createOrphan(client, name),
  }
}

/** The branch moved since it was read, so nothing was written. */
export const isStale = (error: unknown): boolean =>
  error instanceof GitHubError &&
  (error.types.includes('STALE_DATA') || /expected branch to point to|head sha/i.test(error.message))

const headQuery = `query RecordHead($owner: String!, $name: String!, $ref: String!) {
  repository(owner: $owner, name: $name) { ref(qualifiedName: $ref) { target { oid } } }
}`

const blob = '... on Blob { text isTruncated }'

const filesQuery = (paths: readonly string[]): string => {
  const variables = paths.map((_, index) => `, $e${index}: String!`).join('')
  const fields = paths.map(
    (_, index) =>
      `p${index}: object(expression: $e${index}) { ${blob} ... on Tree { entries { name object { ${blob} } } } }`,
  )
  return `query RecordFiles($owner: String!, $name: String!${variables}) {
  repository(owner: $owner, name: $name) { ${fields.join(' ')} }
}`
}

const namesQuery = `query RecordNames($owner: String!, $name: String!, $e0: String!) {
  repository(owner: $owner, name: $name) { p0: object(expression: $e0) { ... on Tree { entries { name } } } }
}`

const foldersQuery = `query RecordFolders($owner: String!, $name: String!, $e0: String!) {
  repository(owner: $owner, name: $name) {
    p0: object(expression: $e0) { ... on Tree { entries { name object { ... on Tree { entries { name } } } } } }
  }
}`

const commitMutation = `mutation RecordAppend($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`

/** Everything is read at one commit, so that no write of another can fall between two reads. */
const read = async (client: Client, query: string, oid: string, paths: readonly string[]) => {
  const expressions = Object.fromEntries(paths.map((path, index) => [`e${index}`, `${oid}:${path}`]))
  const { repository } = await client.graphql<Objects>({
    what: 'read the record',
    needs: 'contents: read',
    nature: 'safe',
    query,
    variables: { owner: client.owner, name: client.repo, ...expressions },
  })
  return repository ?? {}
}

const filesOf = (object: Tree | null, path: string): RecordFile[] => {
  if (!object) return []
  if (object.entries) return object.entries.map(({ name, object }) => ({ name, text: textOf(object) }))
  return [{ name: path, text: textOf(object) }]
}

const textOf = (object: Blob): string | null => (object?.isTruncated ? null : (object?.text ?? null))

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

const readme = `# Release record

relman keeps the record of every release here: plans, events, and what each service runs. Only relman writes this
branch; protect it with a ruleset against force-pushes and deletion. A file changed by hand stops releases.
`

/**
 * A branch with a history of its own. GitHub refuses the well-known empty tree as the tree of a new commit
 * (r-lib/gert#149), so its first commit holds a file that says what the branch is.
 */
const createOrphan = async (client: Client, name: string): Promise<void> => {
  const { owner, repo } = client
  const about = { what: `create the branch ${name}`, needs: 'contents: write', nature: 'idempotent' } as const
  const file = { path: 'README.md', mode: '100644', type: 'blob', content: readme } as const
  const tree = await client.call({
    ...about,
    send: (octokit) => octokit.request('POST /repos/{owner}/{repo}/git/trees', { owner, repo, tree: [file] }),
  })
  const commit = await client.call({
    ...about,
    send: (octokit) =>
      octokit.request('POST /repos/{owner}/{repo}/git/commits', {
        owner,
        repo,
        message: 'Begin the release record',
        tree: tree.data.sha,
        parents: [],
      }),
  })
  const ref = client.call({
    ...about,
    send: (octokit) =>
      octokit.request('POST /repos/{owner}/{repo}/git/refs', {
        owner,
        repo,
        ref: `refs/heads/${name}`,
        sha: commit.data.sha,
      }),
  })
  await ref.catch((error: unknown) => {
    // Another job created it first, or the answer to our own request was lost.
    if (!(error instanceof GitHubError && error.status === 422 && /already exists/i.test(error.message)))
      throw error
  })
}
