/** Commits, and what lies between two of them. */

import { commitDocument, fileDocument, gitCommit } from '../documents/commit.ts'
import { output } from '../git/command.ts'
import { changedFiles, withPatches } from '../git/difference.ts'
import type { Commit } from '../git/parse.ts'
import { type Call, type Github, ok, type Reply, type Routes } from '../github.ts'
import { list, slice } from '../pages.ts'
import { notFound, Refusal } from '../refusal.ts'

/** GitHub lists at most 300 changed files of a comparison, 250 commits when no page is asked for. */
const mostFiles = 300
const mostCommits = 250

async function named(github: Github, name: string | undefined): Promise<Commit> {
  const commit = await github.repository.commit(name ?? '')
  if (!commit) throw new Refusal(422, `No commit found for SHA: ${name}`)
  return commit
}

async function commits(github: Github, oids: string[]): Promise<Commit[]> {
  const found = await Promise.all(oids.map((oid) => github.repository.commit(oid)))
  return found.filter((commit) => commit !== undefined)
}

async function files(
  github: Github,
  from: string | undefined,
  to: string,
): Promise<Record<string, unknown>[]> {
  const changed = await withPatches(
    github.repository,
    from,
    to,
    await changedFiles(github.repository, from, to),
  )
  return changed.slice(0, mostFiles).map((file) => fileDocument(github, to, file))
}

async function commit({ github, params }: Call): Promise<Reply> {
  const found = await named(github, params.ref)
  const listed = await files(github, found.parents[0], found.oid)
  const sum = (key: string): number => listed.reduce((total, file) => total + Number(file[key]), 0)
  const stats = { additions: sum('additions'), deletions: sum('deletions'), total: sum('changes') }
  return ok({ ...commitDocument(github, found), stats, files: listed })
}

async function listCommits(call: Call): Promise<Reply> {
  const { github, query } = call
  const start = await github.repository.commit(query.sha ?? github.defaultBranch)
  if (!start) throw notFound()
  const times = [query.since ? `--since=${query.since}` : '', query.until ? `--until=${query.until}` : '']
  const author = query.author ? [`--author=${query.author}`, '--fixed-strings'] : []
  const args = [
    'rev-list',
    ...times.filter(Boolean),
    ...author,
    start.oid,
    ...(query.path ? ['--', query.path] : []),
  ]
  const oids = (await output(github.repository.git, args)).split('\n').filter(Boolean)
  return list(call, oids, async (oid) => commitDocument(github, await named(github, oid)))
}

async function range(github: Github, from: string, to: string): Promise<string[]> {
  return (await output(github.repository.git, ['rev-list', '--reverse', `${from}..${to}`]))
    .split('\n')
    .filter(Boolean)
}

async function compare(call: Call): Promise<Reply> {
  const { github, params, query } = call
  const parts = /^(?:[^:]+:)?(.+?)\.\.\.(?:[^:]+:)?(.+)$/.exec(params.basehead ?? '')
  const base = parts && (await github.repository.commit(String(parts[1])))
  const head = parts && (await github.repository.commit(String(parts[2])))
  if (!base || !head) throw notFound()
  const merge = await github.repository.git(['merge-base', base.oid, head.oid])
  const mergeBase = await github.repository.commit(merge.stdout.toString().trim())
  if (!mergeBase) throw new Refusal(404, `No common ancestor between ${parts?.[1]} and ${parts?.[2]}.`)
  const ahead = await range(github, base.oid, head.oid)
  const behind = await range(github, head.oid, base.oid)
  const paged = query.page !== undefined || query.per_page !== undefined
  const shown = paged ? slice(call, ahead) : { items: ahead.slice(0, mostCommits), headers: {} }
  const url = `${github.api}/compare/${params.basehead}`
  const page = `${github.page}/compare/${params.basehead}`
  const status = ahead.length
    ? behind.length
      ? 'diverged'
      : 'ahead'
    : behind.length
      ? 'behind'
      : 'identical'
  const body = {
    url,
    html_url: page,
    permalink_url: `${github.page}/compare/${base.oid}...${head.oid}`,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: commitDocument(github, base),
    merge_base_commit: commitDocument(github, mergeBase),
    status,
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: (await commits(github, shown.items)).map((entry) => commitDocument(github, entry)),
    // docs.github.com, "Compare two commits": files are on the first page only.
    ...(Number(query.page ?? 1) === 1 ? { files: await files(github, mergeBase.oid, head.oid) } : {}),
  }
  return { status: 200, body, headers: shown.headers }
}

export const commitRoutes: Routes = {
  'get /commits': listCommits,
  'get /commits/{ref}': commit,
  'get /git/commits/{commit_sha}': async ({ github, params }) => {
    const object = await github.repository.read(params.commit_sha ?? '')
    const found = object?.type === 'commit' ? await github.repository.commit(object.oid) : undefined
    if (!found) throw notFound()
    return ok(gitCommit(github, found))
  },
  'get /compare/{basehead}': compare,
}
