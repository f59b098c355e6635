/** `createCommitOnBranch`: one commit, only on top of the head that the caller knows. */

import { nodeId } from '../documents/identity.ts'
import { repositoryNode, user } from '../documents/repository.ts'
import type { Person } from '../git/parse.ts'
import { missingPaths, writeCommit } from '../git/write.ts'
import { type Context, requirePermission } from './context.ts'
import { commitNode } from './objects.ts'
import { refNode } from './query.ts'
import { FieldRefusal, unresolved } from './refusal.ts'

export type CreateCommitInput = {
  clientMutationId?: string | null
  branch: { branchName?: string | null; id?: string | null; repositoryNameWithOwner?: string | null }
  expectedHeadOid: string
  message: { headline: string; body?: string | null }
  fileChanges?: {
    additions?: { path: string; contents: string }[] | null
    deletions?: { path: string }[] | null
  } | null
}

/** GitHub's words on a head that moved; seen in many logs. */
const stale = (oid: string): FieldRefusal =>
  new FieldRefusal('STALE_DATA', `Expected branch to point to "${oid}" but it did not.  Pull and try again.`)

function requirePath(path: string): void {
  const parts = path.split('/')
  if (
    path === '' ||
    parts.some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git')
  )
    throw new FieldRefusal('UNPROCESSABLE', `A path was requested which is not valid: ${path}`)
}

async function branchName({ github }: Context, branch: CreateCommitInput['branch']): Promise<string> {
  if (branch.id) {
    const found = (await github.repository.refs('refs/heads/')).find(
      ({ name }) => nodeId('Ref', name) === branch.id,
    )
    if (!found) throw unresolved(`a node with the global id of '${branch.id}'`)
    return found.name
  }
  const repository = branch.repositoryNameWithOwner ?? ''
  if (repository.toLowerCase() !== `${github.owner}/${github.repo}`.toLowerCase())
    throw unresolved(`a Repository with the name '${repository}'.`)
  return `refs/heads/${(branch.branchName ?? '').replace(/^refs\/heads\//, '')}`
}

export async function createCommitOnBranch(
  { input }: { input: CreateCommitInput },
  context: Context,
): Promise<unknown> {
  requirePermission(context, 'contents', 'write')
  const { github, grant, actor } = context
  const { repository } = github
  const name = await branchName(context, input.branch)
  const ref = await repository.ref(name)
  if (!ref) throw unresolved(`a Ref with the name of '${name}'.`)
  if (ref.oid !== input.expectedHeadOid) throw stale(input.expectedHeadOid)
  const additions = input.fileChanges?.additions ?? []
  const deletions = (input.fileChanges?.deletions ?? []).map(({ path }) => path)
  for (const path of [...additions.map((addition) => addition.path), ...deletions]) requirePath(path)
  // A job's token never has the workflows permission (docs.github.com, "Permissions for the GITHUB_TOKEN").
  if (grant.kind === 'job' && [...additions, ...(input.fileChanges?.deletions ?? [])].some(isWorkflow))
    throw new FieldRefusal('FORBIDDEN', 'Resource not accessible by integration')
  const [missing] = await missingPaths(repository, ref.oid, deletions)
  if (missing !== undefined) {
    const message = `A path was requested for deletion which does not exist as of commit oid \`${ref.oid}\``
    throw new FieldRefusal('UNPROCESSABLE', message)
  }
  const changes = {
    additions: additions.map(({ path, contents }) => ({ path, content: Buffer.from(contents, 'base64') })),
    deletions,
  }
  const date = github.now()
  // The author is the token's account, and cannot be chosen; GitHub commits and signs.
  const author: Person = {
    name: actor,
    email: `${user(github, actor).id}+${actor}@users.noreply.github.com`,
    date,
  }
  const committer: Person = { name: 'GitHub', email: 'noreply@github.com', date }
  const message = [input.message.headline, input.message.body].filter(Boolean).join('\n\n')
  const oid = await writeCommit(repository, ref.oid, changes, message, { author, committer })
  if (!(await repository.move(name, oid, ref.oid))) throw stale(input.expectedHeadOid)
  github.store.signed.add(oid)
  const commit = await repository.commit(oid)
  return {
    clientMutationId: input.clientMutationId ?? null,
    commit: commit && commitNode(github, commit),
    ref: refNode(github, { ...ref, oid }),
  }
}

const isWorkflow = ({ path }: { path: string }): boolean => path.startsWith('.github/workflows/')

export type UpdateRefsInput = {
  clientMutationId?: string | null
  repositoryId: string
  refUpdates: { name: string; afterOid: string; beforeOid?: string | null; force?: boolean | null }[]
}

const zero = /^0+$/

/** `updateRefs`: several refs at once, all or none (schema: "All updates are performed atomically"). */
export async function updateRefs({ input }: { input: UpdateRefsInput }, context: Context): Promise<unknown> {
  requirePermission(context, 'contents', 'write')
  const { github } = context
  const { repository } = github
  if (input.repositoryId !== repositoryNode(github))
    throw unresolved(`a node with the global id of '${input.repositoryId}'`)
  const commands: string[] = []
  for (const { name, afterOid, beforeOid, force } of input.refUpdates) {
    if (!/^refs\/[^/]+\/./.test(name) || !(await repository.validName(name)))
      throw new FieldRefusal('UNPROCESSABLE', `${name} is not a valid ref name.`)
    const current = await repository.ref(name)
    const gone = zero.test(afterOid)
    const forward = !current || gone || force === true || (await repository.isAncestor(current.oid, afterOid))
    if (!forward) throw new FieldRefusal('UNPROCESSABLE', `Update to ${name} is not a fast forward.`)
    const before = beforeOid ?? current?.oid ?? '0'.repeat(40)
    commands.push(gone ? `delete ${name} ${before}` : `update ${name} ${afterOid} ${before}`)
  }
  const { code } = await repository.git(['update-ref', '--stdin'], { input: `${commands.join('\n')}\n` })
  if (code !== 0)
    throw new FieldRefusal('UNPROCESSABLE', 'A ref did not point to its expected object; nothing changed.')
  return { clientMutationId: input.clientMutationId ?? null }
}
