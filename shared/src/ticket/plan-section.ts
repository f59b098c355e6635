import { z } from 'zod'
import { showAsked } from '../caution/show-asked.ts'
import { freezeLine, lateLine } from '../freeze/show-freeze.ts'
import type { Plan } from '../plan/plan.ts'
import { showBranch } from '../plan/show-branch.ts'
import { showItem } from '../plan/show-item.ts'
import { showUrgency } from '../plan/urgency.ts'
import { movesIn } from '../revision/show-move.ts'
import { itemName } from '../scope/item-name.ts'
import { code, inline } from '../text/escape-markdown.ts'
import type { TicketFacts } from './ticket-facts.ts'

const mostChanges = 30
const rank: Record<string, number> = { high: 0, medium: 1, low: 2 }

/** What was planned: what ships (the riskiest first), when, who must agree, and what is not known. */
export const planSection = ({ plan, digest, events }: TicketFacts): string => {
  const standing = plan.changes.filter(({ reverted }) => !reverted)
  const shown = [...standing]
    .sort((a, b) => (rank[a.level] ?? 0) - (rank[b.level] ?? 0))
    .slice(0, mostChanges)
  const more = standing.length + plan.unlisted.changes - shown.length
  const agree = plan.signoffs.map(
    ({ role, environment }) => `${inline(role)} (environment ${code(environment)})`,
  )
  return [
    '## Plan',
    '',
    ...when(plan),
    ...[freezeLine(plan)].filter((line) => line !== '').map((line) => `- ${line}`),
    ...(plan.urgency ? [`- Why now: ${showUrgency(plan.urgency)}`] : []),
    ...branch(plan, events),
    ...moves(events),
    `- Must agree: ${agree.length === 0 ? 'nobody at this level (standing approval)' : agree.join(', ')}`,
    `- First exposure: ${inline(plan.risk.blast)}`,
    `- Database: ${inline(plan.rollback.database, 500)}`,
    ...since(digest, events),
    ...(plan.freeze?.late ?? []).slice(0, 10).map((change) => `- ${lateLine(change)}`),
    ...plan.lessons.map(
      ({ from, why, change }) => `- Learnt: ${inline(change)}, because ${inline(why, 200)} (${inline(from)})`,
    ),
    ...plan.asked.map((lesson) => `- Criterion of a past release: ${showAsked(lesson)}`),
    ...suggested(plan).map(
      ({ from, why, text }) =>
        `- Criterion to add: ${inline(text, 400)}, because ${inline(why, 200)} (${inline(from)})`,
    ),
    ...plan.gaps.slice(0, 10).map((gap) => `- Not known: ${inline(gap, 300)}`),
    '',
    '| what ships | risk |',
    '|---|---|',
    ...shown.map((change) => `| ${showItem(itemName(change))} | ${change.level} |`),
    ...(more > 0 ? ['', `and ${more} more, all in the plan.`] : []),
  ].join('\n')
}

/** What is asked for and holds nothing. */
const suggested = ({ proposed, asked }: Plan): Plan['proposed'] =>
  proposed.filter(({ from }) => !asked.some((lesson) => lesson.from === from))

const told = z.object({
  since: z.object({
    from: z.number(),
    added: z.array(z.string()),
    removed: z.array(z.string()),
    voids: z.array(z.object({ role: z.string(), by: z.string() })),
  }),
})

/** What this revision changed and voided, as its event says it. */
const since = (digest: string, events: TicketFacts['events']): string[] => {
  const event = events.findLast((one) => one.kind === 'planned' && one.digest === digest)
  const { data } = told.safeParse(event?.data)
  if (!data) return []
  const { from, added, removed, voids } = data.since
  const lost = voids.map(({ role, by }) => `${inline(role)} (${inline(by)})`).join(', ')
  return [
    `- Since revision ${from}: ${added.length} added, ${removed.length} gone; ${lost === '' ? 'no sign-off had been given' : `**void**: the sign-off of ${lost}`}`,
  ]
}

const branch = (plan: Plan, events: TicketFacts['events']): string[] => {
  const text = showBranch(plan, events)
  return text === '' ? [] : [`- Branch: ${text}`]
}

const mostMoves = 5

const moves = (events: TicketFacts['events']): string[] => {
  const all = movesIn(events)
  const left = all.length - mostMoves
  return [
    ...all
      .slice(-mostMoves)
      .map(
        ({ moved }) => `- Moved (${moved.at.slice(0, 16).replace('T', ' ')} UTC): ${inline(moved.text, 500)}`,
      ),
    ...(left > 0 ? [`- Moved ${left} times before that`] : []),
  ]
}

const when = ({ schedule }: Plan): string[] =>
  schedule?.window
    ? [
        `- When: ${schedule.window.start.slice(0, 16).replace('T', ' ')} to ${schedule.window.end.slice(11, 16)} UTC`,
      ]
    : []
