import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { cut } from '../text/visible.ts'
import { historySection } from '../ticket/history-section.ts'
import { writeSections } from '../ticket/section.ts'
import { showStanding, showTrain, type TrainPage } from './show-train.ts'

/** GitHub takes 65,536 characters; a margin stays free for people. */
const longest = 60_000

export const trainTicketLabel = 'release-train'

/** What finds the ticket of a train again. A slug holds no character that could end a comment. */
export const trainMarker = (slug: string): string => `relman:train:${slug}`

export const trainTitle = (name: string): string => `Release train: ${cut(name, 100)}`

/** Open until the train has arrived or is undone. */
export const trainTicketState = (events: readonly RecordEvent[]): 'open' | 'closed' =>
  ['completed', 'rolled-back'].includes(fold(events).state ?? '') ? 'closed' : 'open'

/** The body of the ticket: three sections of ours, everything else kept as people wrote it. */
export const writeTrainTicket = (body: string | null, slug: string, page: TrainPage): string => {
  const seq = page.facts.events.at(-1)?.seq ?? 0
  const whole = showTrain(page)
  for (const [rows, characters] of [
    [100, longest],
    [10, 40_000],
    [0, 20_000],
  ] as const) {
    const text = writeSections(
      body,
      trainMarker(slug),
      [
        { name: 'standing', text: showStanding(page).slice(0, 15_000) },
        { name: 'train', text: whole.length > characters ? tooLong(page) : whole },
        { name: 'history', text: historySection(page.facts.events.map(told), rows) },
      ],
      seq,
    )
    if (text.length <= longest || rows === 0) return text
  }
  return body ?? ''
}

const tooLong = ({ facts }: TrainPage): string =>
  `The whole train is too long for a ticket (${facts.review.order.length} components): it is in the summary of the run.`

/** A step says what was done to which component. */
const told = (event: RecordEvent): RecordEvent => {
  if (event.kind !== 'stepped') return event
  const { component, operation, phase, outcome } = event.data
  const stage = `${String(component)}: ${String(operation)} ${String(outcome ?? phase)}`
  return { ...event, data: { stage } }
}
