import type { GitHub } from '../../ports/github.ts'
import { GitHubError } from '../../ports/github-error.ts'
import type { Client } from './client.ts'
import { orNull } from './or-null.ts'

/** A tag of a tag of a tag is nobody's release. */
const mostTags = 5

/** Branches and tags: read, and made where there are none. Nothing here moves or deletes one. */
export const openRefs = (client: Client): GitHub['refs'] => {
  const commit = async (ref: string): Promise<string | null> => {
    let object = await read(client, ref)
    for (let depth = 0; object?.type === 'tag' && depth < mostTags; depth += 1)
      object = await readTag(client, object.sha)
    return object?.sha ?? null
  }
  return {
    commit,
    ensure: async (ref, sha) => {
      try {
        return await client.call({
          what: `create ${ref}`,
          needs: 'contents: write',
          nature: 'create',
          // After a lost answer: whoever made it, it is there.
          probe: async () => {
            const there = await commit(ref)
            return there === null ? null : { sha: there, made: there === sha }
          },
          send: async (octokit) => {
            const { owner, repo } = client
            await octokit.request('POST /repos/{owner}/{repo}/git/refs', {
              owner,
              repo,
              ref: `refs/${ref}`,
              sha,
            })
            return { sha, made: true }
          },
        })
      } catch (error) {
        if (!(error instanceof GitHubError) || error.status !== 422) throw error
        const there = /already exists/i.test(error.message) ? await commit(ref) : null
        if (there === null) throw error
        return { sha: there, made: false }
      }
    },
  }
}

type Pointed = { type: string; sha: string }

const read = async ({ call, owner, repo }: Client, ref: string): Promise<Pointed | null> => {
  const found = await orNull(
    call({
      what: `read ${ref}`,
      needs: 'contents: read',
      nature: 'safe',
      send: (octokit) => octokit.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { owner, repo, ref }),
    }),
  )
  return found?.data.object ?? null
}

const readTag = async ({ call, owner, repo }: Client, tag_sha: string): Promise<Pointed> => {
  const { data } = await call({
    what: `read the tag object ${tag_sha}`,
    needs: 'contents: read',
    nature: 'safe',
    send: (octokit) =>
      octokit.request('GET /repos/{owner}/{repo}/git/tags/{tag_sha}', { owner, repo, tag_sha }),
  })
  return data.object
}
