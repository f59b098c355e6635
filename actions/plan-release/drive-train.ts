import { checkpointInvitation } from '@relman/core/manifest/checkpoint'
import type { TrainPorts } from '@relman/core/ports/train'
import type { RecordEvent } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import type { Outcome } from '@relman/core/runtime/outcome'
import type { RunContext } from '@relman/core/runtime/run-context'
import { inline } from '@relman/core/text/escape-markdown'
import { reconcile } from '@relman/core/train/reconcile'
import { showStanding, showTrain, type TrainPage } from '@relman/core/train/show-train'
import {
  trainMarker,
  trainTicketLabel,
  trainTicketState,
  trainTitle,
  writeTrainTicket,
} from '@relman/core/train/train-ticket'
import { carryOut, TrainMoved } from './carry-out.ts'
import { gatherTrain } from './gather-train.ts'
import type { Inputs } from './inputs.ts'
import { readTrain, type Train } from './read-train.ts'

/** A pass goes on while it changes something: confirmed, gone, first layer started are three rounds. */
const mostRounds = 8

const longestPause = 15_000

/**
 * Row P8: one pass over a release of several repositories. It reads the manifest of the protected branch, what people said in the
 * ticket, and what the other repositories' records say; writes down what that comes to; and starts, stops or undoes. Everything
 * that it knows is in the record, so that it may be killed at any point and run again. On the way back it stays and looks again,
 * for `patience` minutes: an undo must not wait for the next schedule.
 */
export const driveTrain = async (
  input: Inputs,
  context: RunContext,
  ports: TrainPorts,
  signal: AbortSignal,
): Promise<Outcome> => {
  const begun = await readTrain(input, ports)
  if ('decision' in begun) return begun
  let train = begun
  const troubles = new Set<string>()
  const end = ports.clock.now() + (input.patience ?? 0) * 60_000
  for (let round = 1, pauses = 0; ; ) {
    const facts = await gatherTrain(train, ports)
    const pass = reconcile(facts)
    const idle = pass.drafts.length === 0 && pass.moves.length === 0
    const notes = [...train.notes, ...troubles, ...would(pass, ports.dryRun)]
    const page = { facts, pass, invitation: invitationOf(train, ports), notes }
    if (ports.dryRun) return await publish(train, page, context, ports)
    if (idle || round >= mostRounds) {
      const stays = pass.decision === 'undoing' && ports.clock.now() < end
      if (!stays) return await publish(train, page, context, ports)
      if (pauses === 0) await writeTicket(train, page, ports)
      await ports.clock.sleep(Math.min(longestPause, 1_000 * 2 ** pauses), signal)
      round = 1
      pauses += 1
      continue
    }
    round += 1
    try {
      const done = await carryOut(train, facts, pass, context, ports)
      for (const trouble of done.troubles) troubles.add(trouble)
      train = { ...train, events: done.events }
    } catch (error) {
      if (!(error instanceof TrainMoved)) throw error
      train = { ...train, events: await ports.store.events(train.service, train.slug) }
    }
  }
}

const would = ({ moves }: TrainPage['pass'], dryRun: boolean): string[] =>
  dryRun
    ? moves.map((move) =>
        move.act === 'start'
          ? `a dry run: it would start the ${move.operation} of ${move.component}`
          : `a dry run: it would stop the release of ${move.component}`,
      )
    : []

const invitationOf = ({ manifest, review }: Train, { clock }: TrainPorts): string | null =>
  review.checkpoint === null
    ? null
    : checkpointInvitation(
        manifest,
        review.checkpoint,
        [`Release train ${manifest.name}`, ...review.order],
        new Date(clock.now()).toISOString(),
      )

const publish = async (
  train: Train,
  page: TrainPage,
  context: RunContext,
  ports: TrainPorts,
): Promise<Outcome> => {
  const { pass } = page
  const file = page.invitation === null ? '' : await ports.write('go-no-go.ics', page.invitation)
  const ticket = ports.dryRun ? { url: '', trouble: '' } : await writeTicket(train, page, ports)
  const owners = [...new Set(train.repositories.map((repository) => repository.split('/')[0] ?? ''))]
  return {
    decision: pass.decision,
    reasonCode: pass.reasonCode,
    message: pass.message,
    failed: pass.decision === 'undoing' || pass.decision === 'rollback-failed',
    outputs: {
      'train-owner': owners.length === 1 ? (owners[0] ?? '') : '',
      'train-repositories': train.repositories.map((repository) => repository.split('/')[1] ?? '').join('\n'),
      plan: file,
    },
    data: {
      train: train.slug,
      digest: train.digest,
      state: stateOf(page.facts.events),
      revision: train.manifest.revision,
      parts: pass.parts.map(({ component, standing, why, url }) => ({ component, standing, why, url })),
      holds: [...pass.holds],
      ticket: ticket.url,
      run: context.runUrl,
    },
    summary:
      ports.dryRun && ports.partner === null
        ? `*${inline(train.slug)} was read: ${train.repositories.length} repositories.*`
        : [
            showStanding({
              ...page,
              notes: [...page.notes, ...(ticket.trouble === '' ? [] : [ticket.trouble])],
            }),
            ticket.url === '' ? '' : `Ticket: ${ticket.url}`,
            showTrain(page),
          ]
            .filter((part) => part !== '')
            .join('\n\n'),
  }
}

const stateOf = (events: readonly RecordEvent[]): string | null => fold(events).state

/** The ticket shows the train and takes what people say; that it could not be written stops nothing that was agreed already. */
const writeTicket = async (
  train: Train,
  page: TrainPage,
  { github }: TrainPorts,
): Promise<{ url: string; trouble: string }> => {
  try {
    const { url } = await github.issues.ensure({
      marker: trainMarker(train.slug),
      title: trainTitle(train.manifest.name),
      labels: [trainTicketLabel],
      state: trainTicketState(page.facts.events),
      write: (body) => writeTrainTicket(body, train.slug, page),
    })
    return { url, trouble: '' }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { url: '', trouble: `the ticket of the train could not be brought up to date: ${why}` }
  }
}
