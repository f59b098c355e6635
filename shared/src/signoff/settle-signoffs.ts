import type { SignoffRecord } from '../record/release.ts'
import { type Approval, about } from './approval.ts'
import { type SignoffVerdict, samePerson } from './judge-signoff.ts'
import { isMaker, type Makers } from './maker.ts'
import type { SignoffReason } from './signoff-reason.ts'

/** What the gate before production knows of all sign-offs of a plan. */
export type SignoffsCase = {
  wanted: readonly { role: string; environment: string }[]
  recorded: readonly SignoffRecord[]
  /** What the sign-off jobs of this attempt objected to. */
  refused: readonly { role: string; reason: SignoffReason; by: string }[]
  digest: string
  run: { id: number; attempt: number }
  approvals: readonly Approval[] | null
  makers: Makers
  actors: readonly string[]
}

/** One verdict for each role that must agree, in the order of the plan. A later rejection undoes what was recorded. */
export const settleSignoffs = (known: SignoffsCase): SignoffVerdict[] => {
  const counted = known.wanted.map(({ role, environment }) => settle(role, environment, known))
  return counted.map((verdict, index) => {
    const twin = counted.some(
      (other, at) => at < index && other.reason === null && samePerson(other.by, verdict.by),
    )
    return verdict.reason === null && twin ? { ...verdict, reason: 'same-person-two-roles' } : verdict
  })
}

const settle = (role: string, environment: string, known: SignoffsCase): SignoffVerdict => {
  const answer = (reason: SignoffReason | null, by = '', comment = ''): SignoffVerdict => ({
    role,
    environment,
    reason,
    by,
    comment,
  })
  const decisions = known.approvals ? about(known.approvals, environment) : []
  const no = decisions.findLast(({ state }) => state === 'rejected')
  if (no) return answer('approval-rejected', no.user, no.comment)
  const mine = known.recorded.filter((record) => record.role === role)
  const valid = mine.findLast((record) => isHere(record, known) && record.digest === known.digest)
  const refusal = known.refused.findLast((one) => one.role === role)
  if (valid) {
    const { by, comment } = valid
    if (!decisions.some(({ user }) => samePerson(user, by))) return answer('approval-bypassed', by, comment)
    const self = known.actors.some((actor) => samePerson(actor, by)) || isMaker(by, known.makers)
    return answer(self ? 'self-approval' : null, by, comment)
  }
  if (refusal) return answer(refusal.reason, refusal.by)
  if (mine.some((record) => isHere(record, known))) return answer('wrong-digest', mine.at(-1)?.by)
  if (mine.some((record) => record.digest === known.digest)) return answer('wrong-attempt', mine.at(-1)?.by)
  return answer('approval-missing')
}

const isHere = (record: SignoffRecord, { run }: SignoffsCase): boolean =>
  record.run === run.id && record.attempt === run.attempt
