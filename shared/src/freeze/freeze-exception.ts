import type { FreezePolicy } from '../config/freeze-policy.ts'

/** A pull request as the freeze looks at it. Text is untrusted. */
export type Asked = {
  author: string
  /** The commit at its tip. */
  head: string
  labels: readonly string[]
  reviews: ReadonlyArray<{ by: string; state: string; commit: string; canPush: boolean }>
}

export type Exception = { granted: boolean; by: string | null; missing: string[] }

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/**
 * An exception takes two: the label that asks for it, and the approval of the present commit by somebody who may give it
 * and did not write the change. A label alone opens nothing, an older approval neither, and the last word of a reviewer
 * counts.
 */
export const freezeException = (policy: FreezePolicy, asked: Asked): Exception => {
  const labelled = asked.labels.some((label) => same(label, policy.label))
  const last = new Map(asked.reviews.map((review) => [review.by.toLowerCase(), review]))
  const approvals = [...last.values()].filter(
    ({ state, by }) => state === 'approved' && !same(by, asked.author),
  )
  const may = approvals.filter(({ by, canPush }) =>
    policy.approvers.length > 0 ? policy.approvers.some((login) => same(login, by)) : canPush,
  )
  const present = may.find(({ commit }) => commit === asked.head)
  const missing: string[] = []
  if (!labelled) missing.push(`the label ${policy.label}`)
  if (!present) missing.push(approvalMissing(policy, may.length > 0))
  return { granted: labelled && present !== undefined, by: present?.by ?? null, missing }
}

const approvalMissing = ({ approvers }: FreezePolicy, older: boolean): string => {
  const who =
    approvers.length > 0 ? `one of ${approvers.join(', ')}` : 'somebody else who may write to this repository'
  return `the approval of ${who}${older ? ' for the present commit (theirs is for an older one)' : ''}`
}
