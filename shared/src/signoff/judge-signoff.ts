import { type Approval, about } from './approval.ts'
import { isMaker, type Makers } from './maker.ts'
import type { SignoffReason } from './signoff-reason.ts'

/** What is known while the job of a role's environment runs. */
export type SignoffCase = {
  role: string
  environment: string
  /** Approvals of this run that this attempt brought; null: they cannot be told from those of earlier attempts. */
  approvals: readonly Approval[] | null
  makers: Makers
  /** Who started the run, and who ran it again. */
  actors: readonly string[]
  /** Who signed off for other roles of the same plan in the same attempt. */
  others: readonly { role: string; by: string }[]
}

export type SignoffVerdict = {
  role: string
  environment: string
  reason: SignoffReason | null
  by: string
  comment: string
}

/**
 * Whether a role's sign-off counts, judged inside the environment's own job: that the job runs means that the
 * environment let it, so that without an approval it was bypassed.
 */
export const judgeSignoff = (known: SignoffCase): SignoffVerdict => {
  const { role, environment } = known
  const answer = (reason: SignoffReason | null, by = '', comment = ''): SignoffVerdict => ({
    role,
    environment,
    reason,
    by,
    comment,
  })
  if (!known.approvals) return answer('wrong-attempt')
  const decisions = about(known.approvals, environment)
  const no = decisions.findLast(({ state }) => state === 'rejected')
  if (no) return answer('approval-rejected', no.user, no.comment)
  if (decisions.length === 0) return answer('approval-bypassed')
  const objections = decisions.map((approval) => ({ approval, reason: objection(approval, known) }))
  const best = objections.findLast(({ reason }) => reason === null) ?? objections.at(-1)
  return answer(best?.reason ?? null, best?.approval.user, best?.approval.comment)
}

const objection = (
  { user, bot }: Approval,
  { makers, actors, others, role }: SignoffCase,
): SignoffReason | null => {
  if (bot) return 'bot-approval'
  if (actors.some((actor) => samePerson(actor, user)) || isMaker(user, makers)) return 'self-approval'
  if (others.some((other) => other.role !== role && samePerson(other.by, user)))
    return 'same-person-two-roles'
  return null
}

/** Logins are not case-sensitive. */
export const samePerson = (a: string, b: string): boolean => a !== '' && a.toLowerCase() === b.toLowerCase()
