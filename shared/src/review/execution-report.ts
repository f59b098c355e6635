import { markdownTable } from 'markdown-table'
import type { Plan } from '../plan/plan.ts'
import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { code, inline } from '../text/escape-markdown.ts'
import { showSeconds } from '../text/show-seconds.ts'
import { exceptedBy, gatesOf } from './gated-criteria.ts'

const most = 100

/** What happened, from the record (row L5): phases, decisions, people, steps, exceptions, the ending. */
export const executionReport = (
  plan: Plan,
  digest: string,
  events: readonly RecordEvent[],
  lacks: readonly string[],
): string => {
  const release = fold(events)
  const gates = gatesOf(events, digest)
  const window = plan.schedule?.window
  const started = events.findLast(({ kind }) => kind === 'started')?.at ?? null
  const { ending } = release
  const facts = [
    `- Ended: ${release.state ?? 'not known'}${ending?.error ? ` (${inline(ending.error)})` : ''}${ending ? `, ${time(ending.at)} UTC` : ''}`,
    `- Window: ${window ? `${time(window.start)} to ${time(window.end)} UTC` : 'none was planned'}; rollout began ${started === null ? 'never, as far as the record tells' : `${time(started)} UTC`}`,
    `- Plan ${code(digest.slice(0, 12))}, revision ${plan.revision}, commit ${code(plan.sha.slice(0, 12))}${plan.artifact?.digest ? `, artifact ${code(plan.artifact.digest, 80)}` : ''}`,
    ...(ending?.rollback
      ? [
          `- Way back: ${ending.rollback.recovered ? 'recovered' : '**not recovered**'}${ending.rollback.seconds === null ? '' : `, ${showSeconds(ending.rollback.seconds)} after the fault was found`}`,
        ]
      : []),
  ]
  const phases = release.phases
    .slice(0, most)
    .map(({ name, startedAt, endedAt, seconds, failure }) => [
      name,
      time(startedAt),
      endedAt === null ? '' : time(endedAt),
      seconds === null ? '' : showSeconds(seconds),
      inline(failure ?? '', 120),
    ])
  const steps = release.steps
    .slice(-most)
    .map(({ weight, verdict, reason, seconds }) => [
      `${weight} %`,
      inline(verdict ?? '–', 60),
      inline(reason ?? '', 120),
      seconds === null ? '' : showSeconds(seconds),
    ])
  const people = release.signoffs
    .filter((one) => one.digest === digest)
    .slice(0, most)
    .map(({ role, by, at, comment }) => [inline(role, 60), inline(by, 60), time(at), inline(comment, 200)])
  const decisions = gates
    .slice(-most)
    .map(({ stage, decision, criteria, at }) => [
      inline(stage, 60),
      inline(decision, 60),
      `${criteria.filter(({ state }) => state === 'pass').length} of ${criteria.length}`,
      time(at),
    ])
  const exceptions = exceptedBy(gates)
    .slice(0, most)
    .map(({ text, remedy }) => `- ${inline(text)}: ${inline(remedy, 500)}`)
  return page(`# Execution report: ${inline(plan.service)} ${inline(plan.version)}`, [
    ['', facts.join('\n')],
    ['Phases', table(['phase', 'from (UTC)', 'to', 'took', 'stopped by'], phases)],
    ['Decisions', table(['gate', 'decision', 'criteria met', 'at (UTC)'], decisions)],
    ['Who approved', table(['role', 'by', 'at (UTC)', 'comment'], people)],
    ['Steps', table(['traffic', 'verdict', 'reason', 'took'], steps)],
    ['Exceptions', exceptions.join('\n')],
    ['What the record does not hold', lacks.map((text) => `- ${inline(text)}`).join('\n')],
  ])
}

const page = (title: string, parts: readonly (readonly [string, string])[]): string =>
  `${[
    title,
    ...parts.map(([name, text]) => `${name === '' ? '' : `## ${name}\n\n`}${text === '' ? 'None.' : text}`),
  ].join('\n\n')}\n`

const table = (head: string[], rows: string[][]): string =>
  rows.length === 0 ? '' : markdownTable([head, ...rows])

const time = (at: string): string => at.slice(0, 16).replace('T', ' ')
