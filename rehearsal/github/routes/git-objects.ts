/** Trees and commits made object by object, the way to a branch with a history of its own. */

import { gitCommit } from '../documents/commit.ts'
import { user } from '../documents/repository.ts'
import { output } from '../git/command.ts'
import { commitTree, writeTree } from '../git/write.ts'
import { type Call, created, type Reply, type Routes } from '../github.ts'
import { Refusal } from '../refusal.ts'

type Entry = { path?: string; mode?: string; type?: string; content?: string; sha?: string | null }

/** GitHub refuses what git itself knows without storing it (r-lib/gert#149). */
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

async function createTree({ github, body }: Call): Promise<Reply> {
  const entries = body.tree as Entry[]
  if (entries.length === 0) throw new Refusal(422, 'Invalid tree info')
  const additions = entries.map(({ path, content }) => {
    // Entries that name an object by its id are not modelled: nothing here needs them.
    if (path === undefined || content === undefined) throw new Refusal(422, 'tree.sha is not modelled')
    return { path, content: Buffer.from(content) }
  })
  const base = body.base_tree === undefined ? undefined : String(body.base_tree)
  const sha = await writeTree(github.repository, base, { additions, deletions: [] })
  const listed = await output(github.repository.git, ['ls-tree', '-l', '-z', sha])
  const tree = listed
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const [about = '', path = ''] = line.split('\t')
      const [mode = '', type = '', oid = '', size = ''] = about.split(/ +/)
      const url = `${github.api}/git/${type}s/${oid}`
      return { path, mode, type, sha: oid, url, ...(type === 'blob' ? { size: Number(size) } : {}) }
    })
  return created({ sha, url: `${github.api}/git/trees/${sha}`, tree, truncated: false })
}

async function createCommit({ github, body, actor }: Call): Promise<Reply> {
  const [tree, parents] = [String(body.tree), (body.parents ?? []) as string[]]
  const object = tree === emptyTree ? undefined : await github.repository.read(tree)
  if (object?.type !== 'tree') throw new Refusal(422, 'Tree SHA does not exist')
  for (const parent of parents) {
    if (!(await github.repository.commit(parent))) throw new Refusal(422, 'Parent SHA does not exist')
  }
  const email = `${user(github, actor).id}+${actor}@users.noreply.github.com`
  const person = { name: actor, email, date: github.now() }
  const people = { author: person, committer: person }
  const oid = await commitTree(github.repository, tree, parents, String(body.message), people)
  const commit = await github.repository.commit(oid)
  if (!commit) throw new Error(`commit ${oid} was written and is not there`)
  return created(gitCommit(github, commit))
}

export const gitObjectRoutes: Routes = {
  'post /git/trees': createTree,
  'post /git/commits': createCommit,
}
