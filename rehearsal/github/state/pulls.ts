/** Pull requests read out of real history: merge commits and squashed ones, as GitHub words them. */

import { loginOf } from '../documents/user.ts'
import { output } from '../git/command.ts'
import type { Github } from '../github.ts'
import type { Issue, Pull } from './store.ts'

type Line = {
  oid: string
  parents: string[]
  name: string
  email: string
  date: string
  subject: string
  body: string
}

const fields = ['%H', '%P', '%an', '%ae', '%cI', '%s', '%b']

async function history(github: Github, range: string): Promise<Line[]> {
  const format = `--format=${fields.join('%x1f')}%x1e`
  const text = await output(github.repository.git, ['log', '--topo-order', '--reverse', format, range])
  return text
    .split('\x1e')
    .map((line) => line.replace(/^\n/, '').split('\x1f'))
    .filter((parts) => parts.length === fields.length)
    .map(([oid = '', parents = '', name = '', email = '', date = '', subject = '', body = '']) => {
      return {
        oid,
        parents: parents.split(' ').filter(Boolean),
        name,
        email,
        date,
        subject,
        body: body.trim(),
      }
    })
}

/** `Merge pull request #12 from owner/branch` with the title below it, or `title (#12)`. */
function reference(line: Line): { number: number; title: string; body: string; headRef: string } | undefined {
  const merge = /^Merge pull request #(\d+) from [^/\s]+\/(\S+)/.exec(line.subject)
  if (merge && line.parents.length > 1) {
    const [title = '', ...rest] = line.body.split('\n')
    const body = rest.join('\n').trim()
    return { number: Number(merge[1]), title: title || line.subject, body, headRef: String(merge[2]) }
  }
  const squash = /^(.+) \(#(\d+)\)$/.exec(line.subject)
  if (!squash) return undefined
  return {
    number: Number(squash[2]),
    title: String(squash[1]),
    body: line.body,
    headRef: `pull-${squash[2]}`,
  }
}

const closing = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):? #(\d+)/gi

/** Commits that came in with a merge: reached from its second parent, not seen on the way so far. */
function broughtIn(line: Line, byOid: Map<string, Line>, taken: Set<string>): string[] {
  const found: string[] = []
  const stack = line.parents.slice(1)
  for (let oid = stack.pop(); oid !== undefined; oid = stack.pop()) {
    const parent = byOid.get(oid)
    if (!parent || taken.has(oid)) continue
    taken.add(oid)
    found.push(oid)
    stack.push(...parent.parents)
  }
  return found.reverse()
}

function imported(
  github: Github,
  line: Line,
  commits: string[],
  byOid: Map<string, Line>,
): Issue | undefined {
  const parts = reference(line)
  if (!parts || github.store.issues.has(parts.number)) return undefined
  const first = byOid.get(commits[0] ?? '') ?? line
  const author = loginOf({ name: first.name, email: first.email, date: '' }) ?? 'ghost'
  const merger = loginOf({ name: line.name, email: line.email, date: '' })
  const date = `${new Date(line.date).toISOString().slice(0, 19)}Z`
  const pull: Pull = {
    mergedAt: date,
    mergedBy: line.parents.length > 1 ? merger : author,
    mergeCommit: line.oid,
    headRef: parts.headRef,
    baseRef: github.defaultBranch,
    commits: [...commits],
    reviews: [],
    closes: [...`${parts.title}\n${parts.body}`.matchAll(closing)].map((match) => Number(match[1])),
  }
  return {
    id: github.store.nextId(),
    number: parts.number,
    title: parts.title,
    body: parts.body || null,
    user: author,
    state: 'closed',
    stateReason: null,
    labels: [],
    assignees: [],
    createdAt: date,
    updatedAt: date,
    closedAt: date,
    closedBy: pull.mergedBy,
    pull,
  }
}

/** Reads what is new on the default branch since the last time; costs one `git log` when there is something. */
export function openPulls(github: Github): () => Promise<void> {
  let read: string | null = null
  let running: Promise<void> = Promise.resolve()

  async function update(): Promise<void> {
    const head = await github.repository.commit(`refs/heads/${github.defaultBranch}`)
    if (!head || head.oid === read) return
    const lines = await history(github, read === null ? head.oid : `${read}..${head.oid}`)
    const byOid = new Map(lines.map((line) => [line.oid, line]))
    const taken = new Set<string>()
    const onBranch = new Set<string>()
    for (let line = byOid.get(head.oid); line; line = byOid.get(line.parents[0] ?? '')) onBranch.add(line.oid)
    for (const oid of onBranch) taken.add(oid)
    for (const line of lines) {
      if (!onBranch.has(line.oid)) continue
      const commits = line.parents.length > 1 ? broughtIn(line, byOid, taken) : [line.oid]
      const issue = imported(github, line, commits, byOid)
      if (issue) github.store.issues.set(issue.number, issue)
    }
    read = head.oid
  }

  return () => {
    running = running.then(update, update)
    return running
  }
}
