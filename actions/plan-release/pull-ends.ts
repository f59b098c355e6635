import type { Queued } from '@relman/core/freeze/queued-pull'
import type { Commit, Git } from '@relman/core/ports/git'
import type { GitHub, PullRequest } from '@relman/core/ports/github'

/** Where a pull request begins and ends in the commit that tests it. */
export type Ends = {
  /** The tip is a merge that GitHub made, whose own message says nothing. */
  merge: boolean
  /** What it is merged onto; null where this clone cannot tell. */
  base: string | null
  /** The pull request has newer commits than those that are tested. */
  overtaken: boolean
  /** A merge queue tests it, by whatever method it merges. */
  queued: boolean
}

/**
 * GitHub tests a merge of base and head. Where the head itself was checked out, the base is the tip of its branch. A merge
 * queue may as well squash or rebase: then the parent of the tip may be a commit of the same pull request, and the group
 * begins after the commit that the queue names.
 */
export const endsOf = async (
  git: Git,
  merged: string,
  pull: PullRequest,
  queue: Queued | null,
): Promise<Ends> => {
  const found = async (name: string): Promise<string | null> => {
    try {
      return await git.resolve(name)
    } catch {
      return null
    }
  }
  const branch = () => found(`refs/remotes/origin/${pull.base}`)
  const second = await found(`${merged}^2`)
  const merge = second !== null
  if (queue?.pull === pull.number) {
    const start = await found(queue.base)
    const behind = start !== null && start !== merged && (await git.isAncestor(start, merged))
    // A base that is not behind the group, or holds the change already, would hide commits: too many are judged then.
    const hides = behind && (await holdsHead(git, start, second ?? pull.head))
    const base = behind && !hides ? start : await branch()
    return { merge, base, overtaken: merge && second !== pull.head, queued: true }
  }
  if (merged === pull.head) return { merge: false, base: await branch(), overtaken: false, queued: false }
  return { merge, base: await found(`${merged}^1`), overtaken: second !== pull.head, queued: false }
}

const holdsHead = async (git: Git, base: string, head: string): Promise<boolean> => {
  try {
    return await git.isAncestor(await git.resolve(head), base)
  } catch {
    // After a squash or a rebase the clone need not have the head.
    return false
  }
}

/** What the commits of a pull request say; `unread`: in one sentence, why some of them could not be read. */
export type Said = { messages: string[]; unread: string | null }

/**
 * The messages of all commits that a pull request brings. A squash leaves none of them in the clone but its own, so that
 * a queue that does not merge has GitHub asked for them too.
 */
export const saidBy = async (
  { git, github }: { git: Git; github: GitHub },
  ends: Ends,
  merged: string,
  pull: number,
): Promise<Said> => {
  if (ends.base === null)
    return { messages: [], unread: 'its commits are not in this clone: check out with fetch-depth: 0' }
  const brought: Commit[] = await git.commits(ends.base, merged)
  const messages = brought.filter(({ sha }) => sha !== merged || !ends.merge).map(({ message }) => message)
  if (!ends.queued || ends.merge) return { messages, unread: null }
  const { messages: own, total } = await github.pullMessages(pull)
  const left = total - own.length
  return {
    messages: [...messages, ...own],
    unread: left > 0 ? `${left} of its ${total} commits are too many to read` : null,
  }
}
