/** Files and folders at a ref. */

import type { GitObject } from '../git/objects.ts'
import { type Call, type Github, ok, type Reply, type Routes } from '../github.ts'
import { notFound, Refusal } from '../refusal.ts'

/** Above this GitHub leaves the content out and says the encoding is "none". */
const mostContent = 1_000_000

type Named = {
  path: string
  oid: string
  type: 'file' | 'dir' | 'symlink' | 'submodule'
  size: number
  ref: string
}

function links(github: Github, { path, oid, type, ref }: Named): Record<string, unknown> {
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  const kind = type === 'dir' ? 'tree' : 'blob'
  const self = `${github.api}/contents/${encoded}?ref=${encodeURIComponent(ref)}`
  const git = type === 'submodule' ? null : `${github.api}/git/${kind}s/${oid}`
  const html = `${github.page}/${kind}/${ref}/${encoded}`
  return {
    url: self,
    git_url: git,
    html_url: html,
    download_url: type === 'file' ? `${github.page}/raw/${ref}/${encoded}` : null,
    _links: { self, git, html },
  }
}

const entry = (github: Github, named: Named): Record<string, unknown> => ({
  type: named.type,
  size: named.size,
  name: named.path.slice(named.path.lastIndexOf('/') + 1),
  path: named.path,
  sha: named.oid,
  ...links(github, named),
})

async function folder(github: Github, tree: GitObject, path: string, ref: string): Promise<Reply> {
  const entries = github.repository.tree(tree).map(async ({ mode, name, oid }) => {
    const type = { '040000': 'dir', '160000': 'submodule', '120000': 'symlink' }[mode] ?? 'file'
    const size = type === 'file' ? ((await github.repository.read(oid))?.content.length ?? 0) : 0
    // docs.github.com: a submodule in a listing has the type "file", for backwards compatibility.
    const shown = (type === 'submodule' ? 'file' : type) as Named['type']
    return entry(github, { path: path === '' ? name : `${path}/${name}`, oid, type: shown, size, ref })
  })
  return ok(await Promise.all(entries))
}

async function contents({ github, params, query, accept }: Call): Promise<Reply> {
  const path = (params.path ?? '').replace(/^\/+|\/+$/g, '')
  const ref = query.ref ?? github.defaultBranch
  const commit = await github.repository.commit(ref)
  if (!commit) throw new Refusal(404, `No commit found for the ref ${ref}`)
  const object = await github.repository.read(`${commit.oid}:${path}`)
  if (object?.type === 'tree') return folder(github, object, path, ref)
  if (object?.type !== 'blob') throw notFound()
  if (/application\/vnd\.github(\.v3)?\.raw/.test(accept)) {
    // The media type asked for, not JSON: a client would take a file that holds JSON apart.
    const headers = { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' }
    return { status: 200, headers, raw: object.content }
  }
  const size = object.content.length
  const large = size > mostContent
  const base64 = object.content.toString('base64').replace(/(.{60})/g, '$1\n')
  return ok({
    ...entry(github, { path, oid: object.oid, type: 'file', size, ref }),
    encoding: large ? 'none' : 'base64',
    content: large ? '' : base64 && `${base64.replace(/\n$/, '')}\n`,
  })
}

export const contentRoutes: Routes = { 'get /contents/{path}': contents }
