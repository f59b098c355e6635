import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { RecordEvent } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import { RecordError } from '@relman/core/record/record-error'
import { reviewCandidates, standingOf } from '@relman/core/review/due-reviews'
import { reviewDue } from '@relman/core/review/review-due'
import { readPlan } from '@relman/core/runtime/exposure/read-plan'
import type { Outcome } from '@relman/core/runtime/outcome'
import type { RunContext } from '@relman/core/runtime/run-context'
import type { Inputs } from './inputs.ts'
import type { Ports } from './ports.ts'
import { nothingDue, refusedReview, reviewOutcome } from './review-outcome.ts'
import { type Done, type ReviewCase, reviewRelease } from './review-release.ts'

/** Each takes up to a minute of the metrics provider's time; the rest is left to the next run. */
const mostAtOnce = 5
/** Milliseconds after which a review that nobody held is not made up by itself. */
const overdue = 30 * 86_400_000

type Wait = { name: string; at: string }

/**
 * The post-release review (row N9) of one version, or of every release whose review is due. What holds up one holds up no other;
 * running it again changes nothing.
 */
export const reviewReleases = async (input: Inputs, context: RunContext, ports: Ports): Promise<Outcome> => {
  const asked = { service: input.service, version: input.version.replace(/^v(?=\d)/, '') }
  const named = asked.version !== ''
  const now = ports.clock.now()
  const found = await ports.store.neighbours((all) => reviewCandidates(all, asked))
  if (named && found.length === 0)
    return refusedReview(
      'not-recorded',
      `the record knows no release ${asked.version}${asked.service === '' ? '' : ` of ${asked.service}`}`,
    )
  const cases: Omit<ReviewCase, 'prefix'>[] = []
  const waits: Wait[] = []
  const troubles: string[] = []
  for (const { service, release, events } of found) {
    const name = `${service} ${release}`
    const standing = events === null ? 'unread' : standingOf(events, now, named)
    if (standing === 'unread' || events === null)
      troubles.push(`the record of ${name} cannot be trusted or read`)
    else if (standing === 'open' && named) return notEnded(name, events)
    else if (standing === 'review' || standing === 'again')
      try {
        const { digest } = fold(events)
        const plan = await readPlan(ports.store, digest ?? '')
        const due = reviewDue(plan, events)
        const early = input.early === true || (named && fold(events).state !== 'completed')
        if (standing === 'review' && due && Date.parse(due.at) > now && !early)
          waits.push({ name, at: due.at })
        else if (standing === 'again' || named || !due || now - Date.parse(due.at) < overdue)
          cases.push({ input, context, ports, plan, digest: digest ?? '', events })
      } catch (error) {
        troubles.push(`${name}: ${messageOf(error)}`)
      }
  }
  const due = cases.slice(0, mostAtOnce)
  const done: Done[] = []
  for (const one of due) {
    const { service, version } = one.plan
    try {
      done.push(await reviewRelease({ ...one, prefix: due.length > 1 ? `${service}-${version}-` : '' }))
    } catch (error) {
      troubles.push(`${service} ${version}: ${messageOf(error)}`)
    }
  }
  if (done.length === 0 && troubles.length === 0) return nothingDue(waits, asked)
  return reviewOutcome({ done, troubles, waits, left: cases.length - due.length, dryRun: ports.dryRun })
}

/** What is wrong with one release; anything else is a defect, or GitHub's, and stops the run. */
const messageOf = (error: unknown): string => {
  if (error instanceof RecordError || error instanceof ConfigurationError) return error.message
  throw error
}

const notEnded = (name: string, events: readonly RecordEvent[]): Outcome =>
  refusedReview(
    'not-ended',
    `${name} is ${fold(events).state ?? 'not in the record'}: a review is of a release that is completed, or was taken back`,
  )
