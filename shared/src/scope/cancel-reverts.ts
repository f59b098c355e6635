import type { Message } from './read-message.ts'

export type Revertible = {
  sha: string
  message: Pick<Message, 'title' | 'subject' | 'pull' | 'reverts'>
  inner?: readonly string[]
}

/**
 * The shas that no longer count: a change that was undone later in the same range, and the revert that undid it. Give
 * the newest first. A reverted revert brings its change back. A revert of something already shipped stays: it is a
 * change of this release.
 */
export const cancelReverts = (newestFirst: readonly Revertible[]): Set<string> => {
  const gone = new Set<string>()
  const indexes = new Map(newestFirst.map((change, index) => [change.sha, index]))
  newestFirst.forEach((change, index) => {
    if (gone.has(change.sha) || !change.message.reverts) return
    const older = newestFirst.slice(index + 1)
    const target = findTarget(change.message.reverts, older, gone)
    if (!target || (indexes.get(target.sha) ?? -1) <= index) return
    gone.add(target.sha).add(change.sha)
  })
  return gone
}

const findTarget = (
  reverts: NonNullable<Message['reverts']>,
  older: readonly Revertible[],
  gone: ReadonlySet<string>,
): Revertible | undefined => {
  const open = older.filter((change) => !gone.has(change.sha))
  const named = (change: Revertible) =>
    reverts.shas.some((sha) => change.sha.startsWith(sha) || (change.inner ?? []).includes(sha)) ||
    (change.message.pull !== null && reverts.pulls.includes(change.message.pull))
  return (
    open.find(named) ??
    (reverts.subject === null ? undefined : open.find((change) => sameSubject(change, reverts.subject ?? '')))
  )
}

const sameSubject = (change: Revertible, subject: string): boolean => {
  const bare = change.message.subject.replace(/(\s*\((?:#|!)\d+\))+\s*$/, '').trim()
  return subject.length > 0 && (bare === subject || change.message.title === subject)
}
