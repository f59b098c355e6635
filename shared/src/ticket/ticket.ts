import { mostInTicket, showFeatures } from '../feature/show-features.ts'
import type { Plan } from '../plan/plan.ts'
import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { completionSection } from './completion-section.ts'
import { decisionsSection } from './decisions-section.ts'
import { historySection } from './history-section.ts'
import { kickOffSection } from './kick-off-section.ts'
import { openTasks } from './open-tasks.ts'
import { planSection } from './plan-section.ts'
import { preparationSection } from './preparation-section.ts'
import { promotionSection } from './promotion-section.ts'
import { reviewSection } from './review-section.ts'
import { rolloutSection } from './rollout-section.ts'
import { type Section, writeSections } from './section.ts'
import { standingSection } from './standing-section.ts'
import type { TicketFacts } from './ticket-facts.ts'

/** The steps of a release that write the ticket; each its own sections, and where the release stands. */
export type TicketStep = 'plan' | 'promotion' | 'decision' | 'rollout' | 'completion' | 'review'

/** GitHub takes 65,536 characters; a margin stays free for people. */
const longest = 60_000

const finished = ['completed', 'rejected']

/** What finds the ticket of a release again. Service and version hold no character that could end a comment. */
export const ticketMarker = ({ service, version }: Pick<Plan, 'service' | 'version'>): string =>
  `relman:ticket:${service}:${version}`

export const ticketTitle = ({ service, version }: Pick<Plan, 'service' | 'version'>): string =>
  `Release ${service} ${version}`

/** Open until the release is completed or rejected. */
export const ticketState = (events: readonly RecordEvent[]): 'open' | 'closed' =>
  finished.includes(fold(events).state ?? '') ? 'closed' : 'open'

/**
 * The body of a ticket after a step: its sections replaced in place, everything else kept. A new ticket gets them in the
 * order of reading. Where people wrote so much that it does not fit, the history is shortened first.
 */
export const writeTicket = (body: string | null, facts: TicketFacts, step: TicketStep): string => {
  const marker = ticketMarker(facts.plan)
  for (const rows of [200, 50, 10, 0]) {
    const sections = sectionsOf(facts, step, rows, body ?? '').filter(
      // What there is nothing to say of begins no section, and empties one that is there.
      ({ name, text }) => text !== '' || body?.includes(`<!-- ${marker}:${name} -->`) === true,
    )
    const text = writeSections(body, marker, sections, facts.events.at(-1)?.seq ?? 0)
    if (text.length <= longest || rows === 0) return text
  }
  return body ?? ''
}

const sectionsOf = (facts: TicketFacts, step: TicketStep, rows: number, body: string): Section[] => [
  { name: 'standing', text: standingSection(facts) },
  ...own(facts, body)[step](),
  { name: 'history', text: historySection(facts.events, rows) },
]

const own = (facts: TicketFacts, body: string): Record<TicketStep, () => Section[]> => ({
  plan: () => [
    { name: 'plan', text: planSection(facts) },
    { name: 'features', text: showFeatures(facts.plan.features, mostInTicket) },
    { name: 'preparation', text: preparationSection(facts.plan) },
  ],
  promotion: () => [{ name: 'promotion', text: promotionSection(facts) }],
  decision: () => [
    { name: 'decisions', text: decisionsSection(facts) },
    { name: 'kickoff', text: kickOffSection(facts) },
  ],
  rollout: () => [{ name: 'rollout', text: rolloutSection(facts.events) }],
  completion: () => [
    {
      name: 'completion',
      text: completionSection(facts, openTasks(facts.plan, body, ticketMarker(facts.plan))),
    },
  ],
  review: () => [{ name: 'review', text: reviewSection(facts) }],
})
