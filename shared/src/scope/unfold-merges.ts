import type { Commit } from './commit.ts'
import { readMessage } from './read-message.ts'

export type Unit = { commit: Commit; inner: Commit[] }

/**
 * The first-parent history of a range (all its commits, newest first) as units: a plain commit, a merged pull request
 * with the commits it brought, or, for a merge without a pull request, each of the commits it brought.
 */
export const unfold = (commits: readonly Commit[]): Unit[] => {
  const tip = commits[0]
  if (!tip) return []
  const byId = new Map(commits.map((commit) => [commit.sha, commit]))
  const chain: Commit[] = []
  for (let at: Commit | undefined = tip; at; at = byId.get(at.parents[0] ?? '')) chain.push(at)
  const taken = new Set(chain.map(({ sha }) => sha))
  const position = new Map(commits.map((commit, index) => [commit.sha, index]))
  const units = chain.reverse().map((commit) => {
    const inner = commit.parents.length > 1 ? brought(commit, byId, taken) : []
    return { commit, inner: inner.sort((a, b) => (position.get(a.sha) ?? 0) - (position.get(b.sha) ?? 0)) }
  })
  return units.reverse().flatMap(expand)
}

const brought = (merge: Commit, byId: ReadonlyMap<string, Commit>, taken: Set<string>): Commit[] => {
  const found: Commit[] = []
  const open = merge.parents.slice(1)
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    const commit = byId.get(sha)
    if (!commit || taken.has(sha)) continue
    taken.add(sha)
    found.push(commit)
    open.push(...commit.parents)
  }
  return found
}

/** Keeps a merge whole when it has a title of its own; else what it brought stands for it. */
const expand = (unit: Unit): Unit[] => {
  if (unit.inner.length === 0) return [unit]
  const message = readMessage(unit.commit.message)
  if (message.pull !== null || message.readable) return [unit]
  const plain = unit.inner.filter((commit) => commit.parents.length < 2)
  const merged = unit.inner.filter(
    (commit) => commit.parents.length > 1 && readMessage(commit.message).pull !== null,
  )
  const single = [...merged, ...plain]
  return single.length === 0
    ? [unit]
    : unit.inner.filter((commit) => single.includes(commit)).map((commit) => ({ commit, inner: [] }))
}
