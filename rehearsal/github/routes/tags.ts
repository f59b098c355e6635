/** Annotated tags as objects; the ref that points to one is made apart. */

import { nodeId } from '../documents/identity.ts'
import { output } from '../git/command.ts'
import { parseTag, type Tag } from '../git/parse.ts'
import { type Call, created, type Github, ok, type Reply, type Routes } from '../github.ts'
import { notFound, Refusal } from '../refusal.ts'

function tagDocument(github: Github, tag: Tag): Record<string, unknown> {
  return {
    node_id: nodeId('Tag', tag.oid),
    tag: tag.name,
    sha: tag.oid,
    url: `${github.api}/git/tags/${tag.oid}`,
    message: tag.message,
    tagger: tag.tagger,
    object: { sha: tag.object, type: tag.type, url: `${github.api}/git/${tag.type}s/${tag.object}` },
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  }
}

async function createTag({ github, body, actor }: Call): Promise<Reply> {
  const { repository } = github
  const object = await repository.read(String(body.object))
  if (!object || object.type !== body.type) throw new Refusal(422, 'Object does not exist')
  const given = (body.tagger ?? {}) as { name?: string; email?: string; date?: string }
  const name = (given.name ?? actor).replace(/[<>\n]/g, '')
  const email = (given.email ?? `${actor}@users.noreply.github.com`).replace(/[<>\s]/g, '')
  const seconds = Math.floor(new Date(given.date ?? github.now()).getTime() / 1000)
  const head = `object ${object.oid}\ntype ${object.type}\ntag ${body.tag}\ntagger ${name} <${email}> ${seconds} +0000`
  const input = `${head}\n\n${String(body.message).replace(/\n?$/, '\n')}`
  const oid = (await output(repository.git, ['mktag'], { input })).trim()
  const written = await repository.read(oid)
  if (!written) throw new Error('the tag just written is missing')
  return created(tagDocument(github, parseTag(oid, written.content)))
}

export const tagRoutes: Routes = {
  'post /git/tags': createTag,
  'get /git/tags/{tag_sha}': async ({ github, params }) => {
    const object = await github.repository.read(params.tag_sha ?? '')
    if (object?.type !== 'tag') throw notFound()
    return ok(tagDocument(github, parseTag(object.oid, object.content)))
  },
}
