import { isByHand } from '../plan/rollback-plan.ts'
import type { RecordEvent, ReleaseState } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { code, inline } from '../text/escape-markdown.ts'
import { showSeconds } from '../text/show-seconds.ts'
import type { TicketFacts } from './ticket-facts.ts'

const words: Record<ReleaseState, string> = {
  planning: 'is being planned',
  'planning-failed': 'could not be planned',
  approved: 'is approved',
  rejected: 'was rejected',
  executing: 'is being rolled out',
  deployed: 'is live with all of the traffic',
  completed: 'is completed',
  'deployment-failed': 'FAILED, and its way back is not recorded yet',
  'rolled-back': 'was rolled back',
  'rollback-failed': 'FAILED TO ROLL BACK',
  'execution-failed': 'was never exposed',
}

/** Where the release stands, in a few lines. Events are untrusted text. */
export const standingSection = ({ plan, digest, events, runUrl }: TicketFacts): string => {
  const release = fold(events)
  const { state, ending } = release
  const word = state === null ? 'is not in the record' : words[state]
  const at = state === 'executing' ? liveAt(events) : ''
  const back = ending?.rollback
  const count = plan.changes.filter(({ reverted }) => !reverted).length + plan.unlisted.changes
  return [
    `**${inline(plan.service)} ${inline(plan.version)}** ${word}${at}${ending?.error ? `: ${inline(ending.error, 300)}` : ''}.`,
    '',
    `- Risk: ${plan.risk.level}; ${count} ${count === 1 ? 'change' : 'changes'}${plan.previous ? ` since ${inline(plan.previous.version)}` : ''}`,
    `- Plan: ${code(digest)}, revision ${plan.revision}, commit ${code(plan.sha.slice(0, 12))}`,
    `- Way back: ${plan.rollback.previous === null ? 'none, the first release' : isByHand(plan.policy) ? `${inline(plan.rollback.previous)}, by hand` : `${inline(plan.rollback.previous)}, at most ${showSeconds(plan.rollback.seconds)}`}`,
    ...(back
      ? [
          `- Rolled back: ${back.recovered ? 'yes' : '**NOT**'}${back.seconds === null ? '' : `, in ${showSeconds(back.seconds)}`}`,
        ]
      : []),
    `- Last run: ${runUrl}`,
  ].join('\n')
}

const liveAt = (events: readonly RecordEvent[]): string => {
  const weight = events.findLast(({ kind }) => kind === 'stepped')?.data['weight']
  return typeof weight === 'number' ? `: live at ${weight} %` : ''
}
