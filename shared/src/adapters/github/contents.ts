import type { GitHub } from '../../ports/github.ts'
import type { Client } from './client.ts'
import { orNull } from './or-null.ts'

/** Files of the repository, the name of its default branch, and who may read it. */
export const openContents = (client: Client): Pick<GitHub, 'file' | 'defaultBranch' | 'visibility'> => {
  const { owner, repo } = client
  const repository = async () => {
    const { data } = await client.call({
      what: `read the repository ${owner}/${repo}`,
      needs: 'metadata: read',
      nature: 'safe',
      send: (octokit) => octokit.request('GET /repos/{owner}/{repo}', { owner, repo }),
    })
    return data
  }
  return {
    defaultBranch: async () => (await repository()).default_branch,

    visibility: async () => {
      const { visibility, private: closed } = await repository()
      return visibility ?? (closed ? 'private' : 'public')
    },

    file: async (path, ref) => {
      const found = await orNull(read(client, path, ref, 'application/vnd.github+json'))
      if (!found) return null
      const file = found.data as { type?: string; encoding?: string; content?: string }
      if (Array.isArray(found.data) || file.type !== 'file') return null
      if (file.encoding === 'base64') return Buffer.from(file.content ?? '', 'base64').toString('utf8')
      // Above 1 MB GitHub leaves the content out of the JSON; asked for raw it goes up to 100 MB.
      const raw = await read(client, path, ref, 'application/vnd.github.raw+json')
      return textOf(raw.data)
    },
  }
}

/** Octokit gives text where the reply names a charset, and bytes where it does not. */
const textOf = (data: unknown): string =>
  data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : String(data)

const read = (client: Client, path: string, ref: string | undefined, accept: string) =>
  client.call({
    what: `read ${path} at ${ref ?? 'the default branch'}`,
    needs: 'contents: read',
    nature: 'safe',
    send: (octokit) =>
      octokit.request('GET /repos/{owner}/{repo}/contents/{path}', {
        owner: client.owner,
        repo: client.repo,
        path,
        ...(ref === undefined ? {} : { ref }),
        headers: { accept },
      }),
  })
