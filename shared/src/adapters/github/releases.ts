import type { GitHub, PublishedRelease } from '../../ports/github.ts'
import { GitHubError } from '../../ports/github-error.ts'
import type { Client } from './client.ts'
import { orNull } from './or-null.ts'
import { everyPage } from './pages.ts'

type Wanted = Parameters<GitHub['releases']['publish']>[0]
type Reply = {
  id: number
  tag_name: string
  html_url: string
  draft: boolean
  prerelease: boolean
  name: string | null
  body?: string | null | undefined
}

/** GitHub Releases, one for a tag. */
export const openReleases = (client: Client): GitHub['releases'] => {
  const { owner, repo } = client
  const find = async (tag: string): Promise<Reply | null> =>
    (await published(client, tag)) ?? draft(client, tag)

  const fields = ({ tag, sha, name, body, draft, prerelease, latest }: Wanted) => ({
    owner,
    repo,
    tag_name: tag,
    target_commitish: sha,
    name,
    body,
    draft,
    prerelease,
    make_latest: latest && !draft && !prerelease ? ('true' as const) : ('false' as const),
  })

  const create = (wanted: Wanted): Promise<Reply> =>
    client.call({
      what: `create the release ${wanted.tag}`,
      needs: 'contents: write',
      nature: 'create',
      probe: () => find(wanted.tag),
      send: async (octokit) =>
        (await octokit.request('POST /repos/{owner}/{repo}/releases', fields(wanted))).data,
    })

  /** Of a published release, whose tag is locked where releases are immutable; title and text never are. */
  const words = ({ name, body, prerelease, latest }: Wanted) => ({
    owner,
    repo,
    name,
    body,
    prerelease,
    make_latest: latest && !prerelease ? ('true' as const) : ('false' as const),
  })

  const update = (wanted: Wanted, { id, draft }: Reply): Promise<Reply> =>
    client.call({
      what: `update the release ${wanted.tag}`,
      needs: 'contents: write',
      nature: 'idempotent',
      send: async (octokit) =>
        (
          await octokit.request('PATCH /repos/{owner}/{repo}/releases/{release_id}', {
            ...(draft ? fields(wanted) : words(wanted)),
            release_id: id,
          })
        ).data,
    })

  return {
    byTag: async (tag) => {
      const found = await find(tag)
      return found ? fromReply(found) : null
    },
    publish: async (wanted) => {
      const known = (await find(wanted.tag)) ?? (await create(wanted).catch(explainWorkflows(wanted.tag)))
      return fromReply(isSame(known, wanted) ? known : await update(wanted, known))
    },
  }
}

/** The release of a tag that is published; null without one. A draft has no tag yet. */
export const published = async (client: Client, tag: string) => {
  const { owner, repo } = client
  const found = await orNull(
    client.call({
      what: `read the release ${tag}`,
      needs: 'contents: read',
      nature: 'safe',
      send: (octokit) =>
        octokit.request('GET /repos/{owner}/{repo}/releases/tags/{tag}', { owner, repo, tag }),
    }),
  )
  return found?.data ?? null
}

/** Drafts are not found by tag; they stand among the newest of the list. */
const draft = async (client: Client, tag: string): Promise<Reply | null> => {
  const { owner, repo } = client
  const newest = await everyPage(
    client,
    'list the releases',
    'contents: read',
    (octokit, range) => octokit.request('GET /repos/{owner}/{repo}/releases', { owner, repo, ...range }),
    (page) => page.some(({ tag_name }) => tag_name === tag) || page.every(({ draft }) => !draft),
  )
  return newest.find(({ tag_name }) => tag_name === tag) ?? null
}

const isSame = (known: Reply, wanted: Wanted): boolean =>
  known.name === wanted.name &&
  (known.body ?? '') === wanted.body &&
  // What people published stays published, also where the policy asks for a draft.
  (known.draft === wanted.draft || !known.draft) &&
  known.prerelease === wanted.prerelease

const explainWorkflows = (tag: string) => (error: unknown) => {
  const refused = error instanceof GitHubError && (error.status === 404 || error.status === 403)
  if (!refused) throw error
  throw new GitHubError(
    'permission-missing',
    `could not create the release ${tag}: the token lacks \`contents: write\`, or the commit changes files in .github/workflows that differ from the default branch, which GitHub allows no job token to release; merge them to the default branch first or use a GitHub App's token (${error.message})`,
    error.status,
  )
}

const fromReply = ({ id, tag_name, html_url, draft, body }: Reply): PublishedRelease => ({
  id,
  tag: tag_name,
  url: html_url,
  draft,
  body: body ?? '',
})
