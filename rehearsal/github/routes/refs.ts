/** Git refs: created only if absent, moved only forward unless forced. */

import { nodeId } from '../documents/identity.ts'
import type { Ref } from '../git/repository.ts'
import { type Call, created, empty, type Github, ok, type Reply, type Routes } from '../github.ts'
import { list } from '../pages.ts'
import { notFound, Refusal } from '../refusal.ts'

function refDocument(github: Github, { name, oid, type }: Ref): Record<string, unknown> {
  return {
    ref: name,
    node_id: nodeId('Ref', name),
    url: `${github.api}/git/${name}`,
    object: { type, sha: oid, url: `${github.api}/git/${type}s/${oid}` },
  }
}

async function createRef({ github, body }: Call): Promise<Reply> {
  const [name, sha] = [String(body.ref), String(body.sha)]
  const { repository } = github
  if (!/^refs\/[^/]+\/./.test(name) || !(await repository.validName(name)))
    throw new Refusal(422, `${name} is not a valid ref name.`)
  const object = /^[0-9a-f]{40,64}$/.test(sha) ? await repository.read(sha) : undefined
  if (!object) throw new Refusal(422, 'Object does not exist')
  // 422 "Reference already exists": creation is a lock that only one can take.
  if (!(await repository.move(name, sha, null))) throw new Refusal(422, 'Reference already exists')
  return created(refDocument(github, { name, oid: sha, type: object.type }))
}

async function updateRef({ github, params, body }: Call): Promise<Reply> {
  const { repository } = github
  const ref = await repository.ref(`refs/${params.ref}`)
  if (!ref) throw new Refusal(422, 'Reference does not exist')
  const object = await repository.read(String(body.sha))
  if (!object) throw new Refusal(422, 'Object does not exist')
  // docs.github.com, "Update a reference": without `force` the update has to be a fast-forward.
  if (body.force !== true && !(await repository.isAncestor(ref.oid, object.oid)))
    throw new Refusal(422, 'Update is not a fast forward')
  if (!(await repository.move(ref.name, object.oid, ref.oid)))
    throw new Refusal(409, 'Reference is being updated')
  return ok(refDocument(github, { name: ref.name, oid: object.oid, type: object.type }))
}

async function deleteRef({ github, params }: Call): Promise<Reply> {
  const name = `refs/${params.ref}`
  const ref = await github.repository.ref(name)
  if (!ref) throw new Refusal(422, 'Reference does not exist')
  if (name === `refs/heads/${github.defaultBranch}`)
    throw new Refusal(422, 'Cannot delete the default branch of a repository')
  await github.repository.move(name, null, ref.oid)
  return empty()
}

export const refRoutes: Routes = {
  'get /git/ref/{ref}': async ({ github, params }) => {
    const ref = await github.repository.ref(`refs/${params.ref}`)
    if (!ref) throw notFound()
    return ok(refDocument(github, ref))
  },
  'get /git/matching-refs/{ref}': async (call) => {
    const prefix = `refs/${call.params.ref}`
    const refs = (await call.github.repository.refs()).filter((ref) => ref.name.startsWith(prefix))
    return list({ ...call, query: { ...call.query, per_page: '100' } }, refs, (ref) =>
      refDocument(call.github, ref),
    )
  },
  'post /git/refs': createRef,
  'patch /git/refs/{ref}': updateRef,
  'delete /git/refs/{ref}': deleteRef,
}
