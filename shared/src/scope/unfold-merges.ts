import type { Commit } from './commit.ts'
import { readMessage } from './read-message.ts'

/** `apart`: the commits that a merge brought and that are units of their own beside it; absent: it stands for what it brought. */
export type Unit = { commit: Commit; inner: Commit[]; apart?: string[] }

/** Branches merged into branches deeper than this stay one change. */
const deepest = 10

/**
 * The first-parent history of a range (all its commits, newest first) as units: a plain commit, a merged pull request
 * with the commits it brought, or, for a merge without a pull request, each of the commits it brought. A merge that brings
 * merged pull requests of its own, as that of an integration branch, is unfolded likewise and stays beside them.
 */
export const unfold = (commits: readonly Commit[]): Unit[] => {
  const tip = commits[0]
  if (!tip) return []
  const position = new Map(commits.map((commit, index) => [commit.sha, index]))
  const range: Range = {
    byId: new Map(commits.map((commit) => [commit.sha, commit])),
    place: ({ sha }) => position.get(sha) ?? 0,
  }
  return walk([tip.sha], new Set(position.keys()), range, 0)
}

type Range = { byId: ReadonlyMap<string, Commit>; place: (commit: Commit) => number }

/** The units of the histories that lead to `tips`, as far as they are among `open`. */
const walk = (tips: readonly string[], open: Set<string>, range: Range, depth: number): Unit[] => {
  const chains = tips.map((tip) => {
    const chain: Commit[] = []
    for (let at = range.byId.get(tip); at && open.delete(at.sha); at = range.byId.get(at.parents[0] ?? ''))
      chain.push(at)
    return chain
  })
  return chains.flatMap((chain) => {
    const units = chain.reverse().map((commit) => {
      const inner = commit.parents.length > 1 ? brought(commit, range.byId, open) : []
      return { commit, inner: inner.sort((a, b) => range.place(a) - range.place(b)) }
    })
    return units.reverse().flatMap((unit) => expand(unit, range, depth))
  })
}

const brought = (merge: Commit, byId: Range['byId'], from: Set<string>): Commit[] => {
  const found: Commit[] = []
  const open = merge.parents.slice(1)
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    const commit = byId.get(sha)
    if (!commit || !from.delete(sha)) continue
    found.push(commit)
    open.push(...commit.parents)
  }
  return found
}

/** Keeps a merge whole when it has a title of its own; else what it brought stands for it. */
const expand = (unit: Unit, range: Range, depth: number): Unit[] => {
  if (unit.inner.length === 0) return [unit]
  const message = readMessage(unit.commit.message)
  if (message.pull !== null || message.readable) {
    if (depth >= deepest || !integrates(unit, message.pull)) return [unit]
    const open = new Set(unit.inner.map(({ sha }) => sha))
    const inside = walk(unit.commit.parents.slice(1), open, range, depth + 1)
    inside.sort((a, b) => range.place(a.commit) - range.place(b.commit))
    return [{ commit: unit.commit, inner: [], apart: unit.inner.map(({ sha }) => sha) }, ...inside]
  }
  const plain = unit.inner.filter((commit) => commit.parents.length < 2)
  const merged = unit.inner.filter(
    (commit) => commit.parents.length > 1 && readMessage(commit.message).pull !== null,
  )
  const single = [...merged, ...plain]
  return single.length === 0
    ? [unit]
    : unit.inner.filter((commit) => single.includes(commit)).map((commit) => ({ commit, inner: [] }))
}

/** Whether a merge brings merged pull requests: the merge of one, or squashed ones. One number in a title may be an issue's. */
const integrates = ({ inner }: Unit, own: number | null): boolean => {
  const squashed = new Set<number>()
  return inner.some(({ message, parents }) => {
    const { pull } = readMessage(message)
    if (pull === null || pull === own) return false
    squashed.add(pull)
    return parents.length > 1 || squashed.size > 1
  })
}
