import type { Plan } from '../plan/plan.ts'
import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { inline } from '../text/escape-markdown.ts'
import { showSeconds } from '../text/show-seconds.ts'
import { gatesOf } from './gated-criteria.ts'
import type { Review } from './review.ts'

const mostRows = 100
const mostLines = 10

/**
 * A blameless retrospective (row N9): what happened, without names; what was known; what came too late; and the questions that only
 * people can answer, each with what is known of it. Where nothing is known it says so.
 */
export const retrospective = (
  plan: Plan,
  digest: string,
  events: readonly RecordEvent[],
  review: Review,
): string =>
  `${[
    `# Retrospective: ${inline(plan.service)} ${inline(plan.version)}`,
    'It asks what let this happen, never who. From the record; nothing here was made up.',
    `## Timeline\n\n${timeline(events)}`,
    `## What was known before\n\n${known(plan, digest, events)}`,
    ...(review.state === 'completed'
      ? []
      : [`## What nothing saw before exposure\n\n${missed(plan, digest, events)}`]),
    `## Questions\n\n${questions(plan, events, review)}`,
    ...(review.lacks.length > 0
      ? [`## Not in the record\n\n${review.lacks.map((text) => `- ${inline(text)}`).join('\n')}`]
      : []),
  ].join('\n\n')}\n`

const told = [
  'stage',
  'role',
  'decision',
  'weight',
  'verdict',
  'reason',
  'reasonCode',
  'error',
  'why',
  'branch',
  'tag',
]

/** Roles and machines, no people. */
const timeline = (events: readonly RecordEvent[]): string => {
  const shown = events.filter(({ kind }) => kind !== 'reviewed').slice(-mostRows)
  const rows = shown.map(({ at, kind, data }) => {
    const words = told.flatMap((name) => {
      const value = data[name]
      if (name === 'weight' && typeof value === 'number') return [`${value} %`]
      return typeof value === 'string' && value !== '' ? [value] : []
    })
    return `| ${at.slice(0, 19).replace('T', ' ')} | ${kind} | ${inline([...new Set(words)].join(', '), 300)} |`
  })
  return rows.length === 0
    ? 'The record is empty.'
    : `| at (UTC) | what | |\n|---|---|---|\n${rows.join('\n')}`
}

const known = (plan: Plan, digest: string, events: readonly RecordEvent[]): string => {
  const gates = gatesOf(events, digest)
  const last = gates.at(-1)
  const passed = last?.criteria.filter(({ state }) => state === 'pass').length ?? 0
  const doubts = events.findLast(({ kind }) => kind === 'deployed')?.data['doubts']
  return [
    `- Risk ${plan.risk.level}${
      plan.risk.reasons.length > 0
        ? `: ${plan.risk.reasons
            .slice(0, 3)
            .map(({ item, why }) => `${inline(item, 80)} (${inline(why, 120)})`)
            .join('; ')}`
        : ''
    }`,
    `- The last gate: ${last ? `${inline(last.stage, 40)}, ${inline(last.decision, 40)}, ${passed} of ${last.criteria.length} criteria met` : 'not in the record'}`,
    ...plan.gaps.slice(0, mostLines).map((gap) => `- Not known when it was planned: ${inline(gap)}`),
    ...plan.lessons
      .slice(0, mostLines)
      .map(({ from, change }) => `- Learnt from ${inline(from)}: ${inline(change)}`),
    ...(typeof doubts === 'string' ? [`- Not proven by requests of users: ${inline(doubts, 600)}`] : []),
  ].join('\n')
}

/** What noticed it, how far it had come, and what had been looked at before. */
const missed = (plan: Plan, digest: string, events: readonly RecordEvent[]): string => {
  const { steps } = fold(events)
  const back = events.findLast(({ kind }) => kind === 'rolled-back' || kind === 'rollback-failed')
  const reason = text(back?.data['reason'])
  const why = text(back?.data['why'])
  const most = steps.reduce((high, { weight }) => Math.max(high, weight), 0)
  const begun = steps[0]?.at
  const exposed = begun && back ? Math.max(0, (Date.parse(back.at) - Date.parse(begun)) / 1000) : null
  const before = plan.policy.promotion.environments.filter((name) => name !== plan.environment)
  const looked = gatesOf(events, digest)
    .flatMap(({ criteria }) => criteria)
    .filter(({ state }) => state === 'pass')
  return [
    `- Noticed by: ${reason === '' ? 'not in the record' : reason === 'manual' ? `a person${why === '' ? ', whose reason is not in the record' : `: ${inline(why, 500)}`}` : `${inline(reason)}${why === '' ? '' : ` (${inline(why, 500)})`}`}`,
    `- Exposed: ${steps.length === 0 ? 'no step is in the record' : `up to ${most} %${exposed === null ? '' : `; ${showSeconds(exposed)} from the first step in the record to the end of its way back`}`}`,
    `- Environments before ${inline(plan.environment)}: ${before.length === 0 ? 'none is named (promotion.environments), so nothing was seen there' : `${before.map((name) => inline(name, 60)).join(', ')}; what was measured there is not in the record`}`,
    `- Criteria that passed and did not see it: ${
      looked.length === 0
        ? 'none is in the record'
        : [...new Set(looked.map(({ text: what }) => what))]
            .slice(0, mostLines)
            .map((what) => inline(what, 120))
            .join('; ')
    }`,
  ].join('\n')
}

/** What only people can say. */
const questions = (plan: Plan, events: readonly RecordEvent[], review: Review): string => {
  const bad = review.state !== 'completed'
  const broken = review.criteria.filter(({ outcome }) => outcome === 'broken').map(({ metric }) => metric)
  const objectives = review.objectives
    .filter(({ outcome }) => outcome === 'missed')
    .map(({ text: what }) => what)
  const unproven = review.improvements.some(({ id }) => id === 'unproven')
  const asked = [
    ...(bad
      ? [
          'What was the cause, and what let it through?',
          'Which test or check would have shown it before exposure, and who writes it?',
        ]
      : []),
    ...(bad && plan.rollback.previous !== null
      ? [
          `Did users of ${inline(plan.rollback.previous)} keep what they did in the meantime? ${inline(plan.rollback.state, 200)}`,
        ]
      : []),
    ...(broken.length > 0
      ? [
          `Why does this not hold any more: ${broken
            .slice(0, mostLines)
            .map((what) => inline(what, 80))
            .join(', ')}?`,
        ]
      : []),
    ...(objectives.length > 0
      ? [
          `What follows from what was missed: ${objectives
            .slice(0, mostLines)
            .map((what) => inline(what, 120))
            .join('; ')}?`,
        ]
      : []),
    ...(unproven ? ['What would have made the unproven steps provable?'] : []),
    ...(events.some(({ kind }) => kind === 'overridden')
      ? ['Was the override right, and what would have made it unnecessary?']
      : []),
    'What surprised us, and what went well that we want to keep?',
    'What did users and support say? Nothing of that is in the record.',
  ]
  return asked.map((question) => `- ${question}\n  - …`).join('\n')
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
