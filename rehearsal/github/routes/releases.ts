/** Releases: publishing one makes its tag when there is none. */

import { nodeId } from '../documents/identity.ts'
import { user } from '../documents/repository.ts'
import { output } from '../git/command.ts'
import type { Commit } from '../git/parse.ts'
import { type Call, created, empty, type Github, ok, type Reply, type Routes } from '../github.ts'
import { list } from '../pages.ts'
import { invalid, notFound, Refusal } from '../refusal.ts'
import { generateNotes } from '../state/notes.ts'
import type { Asset, Release } from '../state/store.ts'

function assetDocument(github: Github, release: Release, asset: Asset): Record<string, unknown> {
  return {
    url: `${github.api}/releases/assets/${asset.id}`,
    id: asset.id,
    node_id: nodeId('ReleaseAsset', asset.id),
    name: asset.name,
    label: null,
    uploader: user(github, release.author),
    content_type: 'application/octet-stream',
    state: 'uploaded',
    size: asset.size,
    digest: asset.digest,
    download_count: 0,
    created_at: asset.createdAt,
    updated_at: asset.createdAt,
    browser_download_url: `${github.page}/releases/download/${encodeURIComponent(release.tag)}/${asset.name}`,
  }
}

function releaseDocument(github: Github, release: Release): Record<string, unknown> {
  const url = `${github.api}/releases/${release.id}`
  const tag = encodeURIComponent(release.tag)
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    html_url: `${github.page}/releases/tag/${release.draft ? `untagged-${release.id}` : tag}`,
    id: release.id,
    node_id: nodeId('Release', release.id),
    author: user(github, release.author),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: false,
    created_at: release.createdAt,
    updated_at: release.updatedAt,
    published_at: release.publishedAt,
    tarball_url: release.draft ? null : `${github.api}/tarball/${tag}`,
    zipball_url: release.draft ? null : `${github.api}/zipball/${tag}`,
    assets: github.store.assets
      .filter((asset) => asset.release === release.id)
      .map((asset) => assetDocument(github, release, asset)),
  }
}

/**
 * OpenAPI, "Create a release": where the target adds or modifies a workflow file relative to the default branch,
 * a token without the workflows permission, which a job's never has, gets 404.
 */
async function requireWorkflows({ github, grant }: Call, target: Commit): Promise<void> {
  if (grant.kind === 'user') return
  const range = [`refs/heads/${github.defaultBranch}`, target.oid]
  const args = ['diff', '--name-only', '--diff-filter=AM', ...range, '--', '.github/workflows']
  if ((await output(github.repository.git, args)).trim() !== '') throw notFound()
}

/** The tag's commit; made at the target when the tag does not exist. */
async function ensureTag({ github }: Call, tag: string, target: Commit): Promise<Commit> {
  const name = `refs/tags/${tag}`
  const existing = await github.repository.commit(name)
  if (existing) return existing
  await github.repository.move(name, target.oid, null)
  return target
}

async function targetOf(call: Call, target: string): Promise<Commit> {
  const commit = await call.github.repository.commit(target)
  if (!commit) throw invalid('Release', 'target_commitish', 'invalid')
  await requireWorkflows(call, commit)
  return commit
}

function requireFree(github: Github, tag: string, id?: number): void {
  const taken = [...github.store.releases.values()].some(
    (other) => !other.draft && other.tag === tag && other.id !== id,
  )
  if (taken) throw invalid('Release', 'tag_name', 'already_exists')
}

/** The newest published release that may be the latest: by creation date and higher version (OpenAPI, `make_latest`). */
function newest({ store }: Github): number | null {
  const able = [...store.releases.values()].filter(({ draft, prerelease }) => !draft && !prerelease)
  const order = (a: Release, b: Release): number =>
    a.createdAt === b.createdAt
      ? a.tag.localeCompare(b.tag, 'en', { numeric: true })
      : a.createdAt < b.createdAt
        ? -1
        : 1
  return able.sort(order).at(-1)?.id ?? null
}

/** `make_latest`: true unless said otherwise; never a draft or a prerelease; `legacy` goes by date. */
function markLatest(github: Github, release: Release, choice: unknown): void {
  const { store } = github
  if (release.draft || release.prerelease) {
    if (store.latestRelease === release.id) store.latestRelease = newest(github)
  } else if (choice === 'legacy') store.latestRelease = newest(github)
  else if (choice !== 'false') store.latestRelease = release.id
}

async function publish(call: Call, release: Release): Promise<void> {
  const target = await targetOf(call, release.target)
  const commit = await ensureTag(call, release.tag, target)
  release.createdAt = commit.committer.date
  release.publishedAt = call.github.now()
}

async function createRelease(call: Call): Promise<Reply> {
  const { github, body, actor } = call
  const tag = String(body.tag_name)
  if (!(await github.repository.validName(`refs/tags/${tag}`)))
    throw invalid('Release', 'tag_name', 'custom', 'tag_name is not a valid tag')
  // Discussions are off here, and GitHub does not find the category then.
  if (body.discussion_category_name !== undefined) throw notFound()
  requireFree(github, tag)
  const target = String(body.target_commitish || github.defaultBranch)
  const time = github.now()
  const notes = body.generate_release_notes === true ? await generateNotes(github, tag, target) : undefined
  const text = [body.body as string | undefined, notes?.body].filter(Boolean).join('\n\n')
  const release: Release = {
    id: github.store.nextId(),
    tag,
    target,
    name: (body.name as string | undefined) ?? notes?.name ?? null,
    body: text === '' ? null : text,
    draft: body.draft === true,
    prerelease: body.prerelease === true,
    author: actor,
    createdAt: time,
    publishedAt: null,
    updatedAt: time,
  }
  if (release.draft) await targetOf(call, target)
  else await publish(call, release)
  github.store.releases.set(release.id, release)
  markLatest(github, release, body.make_latest)
  return created(releaseDocument(github, release))
}

function releaseOf({ github, params }: Call): Release {
  const release = github.store.releases.get(Number(params.release_id))
  if (!release) throw notFound()
  return release
}

async function updateRelease(call: Call): Promise<Reply> {
  const { github, body } = call
  const release = releaseOf(call)
  const next: Release = { ...release }
  if (body.tag_name !== undefined) next.tag = String(body.tag_name)
  if (body.target_commitish !== undefined) next.target = String(body.target_commitish)
  if (body.name !== undefined) next.name = String(body.name)
  if (body.body !== undefined) next.body = String(body.body)
  if (body.prerelease !== undefined) next.prerelease = body.prerelease === true
  if (body.draft !== undefined) next.draft = body.draft === true
  if (!next.draft) requireFree(github, next.tag, release.id)
  if (!next.draft && (release.draft || next.tag !== release.tag)) await publish(call, next)
  next.updatedAt = github.now()
  const published = release.draft && !next.draft
  Object.assign(release, next)
  if (published || body.make_latest !== undefined || body.prerelease !== undefined)
    markLatest(github, release, body.make_latest)
  return ok(releaseDocument(github, release))
}

/** Newest first. Drafts are for those who can push, so for tokens with `contents: write`. */
function visible({ github, grant }: Call): Release[] {
  const drafts = grant.kind === 'user' || grant.permissions.contents === 'write'
  return [...github.store.releases.values()].filter((release) => drafts || !release.draft).reverse()
}

export const releaseRoutes: Routes = {
  'get /releases': (call) => list(call, visible(call), (release) => releaseDocument(call.github, release)),
  'post /releases': createRelease,
  'get /releases/latest': ({ github }) => {
    const release = github.store.releases.get(github.store.latestRelease ?? -1)
    if (!release) throw notFound()
    return ok(releaseDocument(github, release))
  },
  'get /releases/tags/{tag}': ({ github, params }) => {
    const all = [...github.store.releases.values()]
    const release = all.find(({ tag, draft }) => tag === params.tag && !draft)
    if (!release) throw notFound()
    return ok(releaseDocument(github, release))
  },
  'get /releases/{release_id}': (call) => {
    const release = releaseOf(call)
    if (!visible(call).includes(release)) throw notFound()
    return ok(releaseDocument(call.github, release))
  },
  'patch /releases/{release_id}': updateRelease,
  'delete /releases/{release_id}': (call) => {
    const { store } = call.github
    const { id } = releaseOf(call)
    store.releases.delete(id)
    if (store.latestRelease === id) store.latestRelease = newest(call.github)
    return empty()
  },
  'post /releases/generate-notes': async ({ github, body }) => {
    const target = String(body.target_commitish ?? github.defaultBranch)
    const previous = body.previous_tag_name as string | undefined
    const tag = String(body.tag_name)
    const known =
      (await github.repository.commit(`refs/tags/${tag}`)) ?? (await github.repository.commit(target))
    if (!known)
      throw new Refusal(422, 'Validation Failed', [
        { resource: 'Release', code: 'invalid', field: 'target_commitish' },
      ])
    return ok(await generateNotes(github, tag, target, previous))
  },
}
