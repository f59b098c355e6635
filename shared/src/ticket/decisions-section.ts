import { fold } from '../record/fold.ts'
import { inline } from '../text/escape-markdown.ts'
import type { TicketFacts } from './ticket-facts.ts'

/** Who agreed, who is still asked, and what the gates decided, for the plan in force. */
export const decisionsSection = ({ plan, digest, events }: TicketFacts): string => {
  const { signoffs } = fold(events)
  const gates = events
    .filter((event) => event.kind === 'gated' && event.digest === digest)
    .map(
      ({ data, at }) =>
        `| gate (${word(data['stage'])}) | ${word(data['decision'])}: ${word(data['reasonCode'])} | | ${time(at)} |`,
    )
  const roles = plan.signoffs.map(({ role }) => {
    const given = signoffs.findLast((signoff) => signoff.role === role && signoff.digest === digest)
    return given
      ? `| ${inline(role)} | ✔${given.comment ? ` ${inline(given.comment, 120)}` : ''} | ${inline(given.by)} | ${time(given.at)} |`
      : `| ${inline(role)} | waiting | | |`
  })
  const voided = signoffs.filter((signoff) => signoff.digest !== digest)
  const void_ = voided.map(
    ({ role, by, at }) => `| ${inline(role)} | void: for an earlier revision | ${inline(by)} | ${time(at)} |`,
  )
  const no = events
    .filter((event) => event.kind === 'rejected' && event.digest === digest)
    .map(
      ({ data, actor, at }) =>
        `| rejected | ${word(data['message'] ?? data['reason'])} | ${inline(actor)} | ${time(at)} |`,
    )
  const rows = [...gates, ...roles, ...no, ...void_]
  return `## Decisions\n\n| who or what | says | by | at (UTC) |\n|---|---|---|---|\n${rows.slice(-100).join('\n')}`
}

const word = (value: unknown): string => (typeof value === 'string' ? inline(value, 160) : '–')
const time = (at: string): string => at.slice(0, 16).replace('T', ' ')
