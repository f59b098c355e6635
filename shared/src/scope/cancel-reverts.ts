import type { Message } from './read-message.ts'

export type Revertible = {
  sha: string
  message: Pick<Message, 'title' | 'subject' | 'pull' | 'reverts'>
  inner?: readonly string[]
}

/**
 * The shas that no longer count: a change that was undone later in the same range, and the revert that undid it. Give
 * the newest first. A reverted revert brings its change back. A revert of something already shipped stays: it is a
 * change of this release. So does a revert of one commit of several that a merge brought, and the merge with it. `shipped` are
 * shas that lie before the range: a revert that names one is never taken for one of another change of the same subject.
 */
export const cancelReverts = (
  newestFirst: readonly Revertible[],
  shipped: ReadonlySet<string> = new Set(),
): Set<string> => {
  const gone = new Set<string>()
  newestFirst.forEach((change, index) => {
    const { reverts } = change.message
    if (gone.has(change.sha) || !reverts) return
    const open = newestFirst.slice(index + 1).filter(({ sha }) => !gone.has(sha))
    const { targets, whole } = findTargets(reverts, open, shipped)
    for (const { sha } of targets) gone.add(sha)
    if (targets.length > 0 && whole) gone.add(change.sha)
  })
  return gone
}

type Reverts = NonNullable<Message['reverts']>

/** What a revert undoes of the range; `whole`: it undoes nothing besides. */
const findTargets = (
  reverts: Reverts,
  open: readonly Revertible[],
  shipped: ReadonlySet<string>,
): { targets: Revertible[]; whole: boolean } => {
  const shas = reverts.shas.map((sha) => open.find((change) => standsFor(change, sha)))
  const pulls = reverts.pulls.map((pull) => open.find((change) => change.message.pull === pull))
  const named = [...new Set([...shas, ...pulls])].filter((change) => change !== undefined)
  if (named.length > 0)
    return { targets: named, whole: pulls.some(Boolean) || shas.every((found) => found !== undefined) }
  // A commit of several in a merge: part of it is undone, so nothing else may be taken for the target.
  const part = open.some((change) => reverts.shas.some((sha) => isOneOf(change.inner ?? [], sha)))
  const { subject } = reverts
  if (part || subject === null || reverts.shas.some((sha) => shipped.has(sha)))
    return { targets: [], whole: false }
  const same = open.find(
    (change) => sameSubject(change, subject) && !isOther(change.message.pull, reverts.pulls),
  )
  return { targets: same ? [same] : [], whole: true }
}

const standsFor = ({ sha, inner = [] }: Revertible, named: string): boolean =>
  sha.startsWith(named) || (inner.length === 1 && isOneOf(inner, named))

/** A pull request has one number: where the revert names one, no other is meant. */
const isOther = (pull: number | null, named: readonly number[]): boolean =>
  pull !== null && named.length > 0 && !named.includes(pull)

const isOneOf = (inner: readonly string[], named: string): boolean =>
  inner.some((sha) => sha.startsWith(named))

const sameSubject = (change: Revertible, subject: string): boolean => {
  const bare = change.message.subject.replace(/(\s*\((?:#|!)\d+\))+\s*$/, '').trim()
  return subject.length > 0 && (bare === subject || change.message.title === subject)
}
