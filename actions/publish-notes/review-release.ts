import type { Plan } from '@relman/core/plan/plan'
import { shownPlan } from '@relman/core/plan/withhold'
import type { EventDraft, RecordEvent } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import { RecordError } from '@relman/core/record/record-error'
import { drawReview } from '@relman/core/review/draw-review'
import { type Review, type Reviewed, reviewKey, reviewOf } from '@relman/core/review/review'
import { reviewPages, reviewWords } from '@relman/core/review/review-pages'
import { shownEvents } from '@relman/core/review/shown-events'
import type { RunContext } from '@relman/core/runtime/run-context'
import { projectTicket } from '@relman/core/runtime/ticket/project-ticket'
import { closeChange } from './close-change.ts'
import type { Inputs } from './inputs.ts'
import { measureRelease } from './measure-release.ts'
import type { Ports } from './ports.ts'

export type ReviewCase = {
  input: Inputs
  context: RunContext
  ports: Ports
  plan: Plan
  digest: string
  events: readonly RecordEvent[]
  /** What its files begin with, where one run reviews several. */
  prefix: string
}

/** A release that was reviewed: the pages of it, and what could not be written beside the record. */
export type Done = {
  name: string
  version: string
  words: string
  files: string[]
  pages: { title: string; text: string }[]
  ticketUrl: string
  changeRequest: string
  said: string
  trouble: string
}

/**
 * Reviews one release that ended: measures, appends `reviewed` once, brings the ticket up to date and closes the change request. What
 * the record says counts: of two reviews at a time, or of a second one, everything shown is that of the first.
 */
export const reviewRelease = async (known: ReviewCase): Promise<Done> => {
  const { plan, digest, context, ports, events, prefix } = known
  const reviewed = reviewOf(events) ?? (await write(known))
  const { shown, told } = asShown(plan, reviewed.events)
  const pages = reviewPages(shown, digest, { ...reviewed, events: told })
  const files: string[] = []
  for (const { file, text } of pages) files.push(await ports.write(`${prefix}${file}`, text))
  const facts = { ...known, events: reviewed.events }
  const closed = await closeChange(facts, reviewed.events, `${prefix}change-request.json`)
  const ticket = ports.dryRun
    ? { url: '', trouble: '' }
    : await projectTicket(
        { github: ports.github, plan, digest, events: reviewed.events, runUrl: context.runUrl },
        'review',
      )
  return {
    name: `${plan.service} ${plan.version}`,
    version: plan.version,
    words: reviewWords(reviewed),
    files,
    pages: pages.filter(({ title }) => title !== ''),
    ticketUrl: ticket.url,
    changeRequest: closed.path,
    said: closed.said,
    trouble: ticket.trouble,
  }
}

const write = async ({ plan, digest, context, ports, events }: ReviewCase): Promise<Reviewed> => {
  const { shown, told } = asShown(plan, events)
  const review = drawReview(shown, digest, told, await measureRelease(plan, events, ports))
  if (review === null) throw new Error(`${plan.service} ${plan.version} has not ended`)
  const draft: EventDraft = {
    kind: 'reviewed',
    key: reviewKey(review.state, digest),
    actor: context.actor,
    run: context.run,
    digest,
    token: null,
    data: review,
  }
  if (ports.dryRun) return preview(draft, review, events, ports)
  const { events: after } = await ports.store.append(plan.service, plan.version, [draft], {
    guard: (before) => {
      const { state, digest: inForce } = fold(before)
      if (state !== review.state || inForce !== digest)
        throw new RecordError(
          'illegal-transition',
          `${plan.service} ${plan.version} became ${state} while it was reviewed; run this again`,
        )
    },
  })
  const reviewed = reviewOf(after)
  if (reviewed) return reviewed
  throw new RecordError(
    'record-too-new',
    `the review of ${plan.service} ${plan.version} in the record is of a form that this version of relman cannot read; use the version that wrote it`,
  )
}

/** Plan and record as the pages may show them: what was taken back under embargo was never disclosed, nor is what was seen of it. */
const asShown = (
  plan: Plan,
  events: readonly RecordEvent[],
): { shown: Plan; told: readonly RecordEvent[] } => {
  if (!plan.embargo?.public || fold(events).state === 'completed') return { shown: plan, told: events }
  return { shown: shownPlan(plan), told: shownEvents(events) }
}

/** What a review would come to, without the record. */
const preview = (
  draft: EventDraft,
  review: Review,
  events: readonly RecordEvent[],
  { clock }: Pick<Ports, 'clock'>,
): Reviewed => {
  const last = events.at(-1)
  const event: RecordEvent = {
    ...draft,
    schema: 1,
    service: last?.service ?? '',
    release: last?.release ?? '',
    seq: (last?.seq ?? 0) + 1,
    at: new Date(clock.now()).toISOString(),
    prev: last?.hash ?? null,
    hash: '',
  }
  return { review, event, events: [...events, event] }
}
