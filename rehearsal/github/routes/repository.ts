/** The repository, its branches and tags. */

import { commitDocument } from '../documents/commit.ts'
import { nodeId } from '../documents/identity.ts'
import { fullRepository, user } from '../documents/repository.ts'
import { type Call, ok, type Reply, type Routes } from '../github.ts'
import { list } from '../pages.ts'
import { notFound } from '../refusal.ts'

async function branch({ github, params }: Call): Promise<Reply> {
  const commit = await github.repository.commit(`refs/heads/${params.branch}`)
  if (!commit) throw notFound()
  const url = `${github.api}/branches/${encodeURIComponent(params.branch ?? '')}`
  return ok({
    name: params.branch,
    commit: commitDocument(github, commit),
    _links: { self: url, html: `${github.page}/tree/${params.branch}` },
    protected: false,
    protection: {
      enabled: false,
      required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
    },
    protection_url: `${url}/protection`,
  })
}

async function tags(call: Call): Promise<Reply> {
  const { github } = call
  const refs = (await github.repository.refs('--sort=-version:refname', 'refs/tags/')) ?? []
  return list(call, refs, async (ref) => {
    const name = ref.name.slice('refs/tags/'.length)
    const commit = await github.repository.commit(ref.name)
    const sha = commit?.oid ?? ref.oid
    return {
      name,
      commit: { sha, url: `${github.api}/commits/${sha}` },
      zipball_url: `${github.api}/zipball/${ref.name}`,
      tarball_url: `${github.api}/tarball/${ref.name}`,
      node_id: nodeId('Ref', ref.name),
    }
  })
}

/** Everybody reads a public repository; those of `writers` may push. */
function permission({ github, params }: Call): Reply {
  const login = params.username ?? ''
  if (!github.users.includes(login)) throw notFound()
  const level = github.writers.includes(login) ? 'write' : 'read'
  return ok({ permission: level, role_name: level, user: { ...user(github, login), role_name: level } })
}

export const repositoryRoutes: Routes = {
  'get /collaborators/{username}/permission': permission,
  'get ': ({ github }) => ok(fullRepository(github)),
  'get /branches/{branch}': branch,
  'get /tags': tags,
}
