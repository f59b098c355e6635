import { type Entry, showCalendar } from '@relman/core/calendar/show-calendar'
import type { Outcome } from '@relman/core/runtime/outcome'
import { inline } from '@relman/core/text/escape-markdown'
import { empty } from './no-plan.ts'

type Told = {
  entries: readonly Entry[]
  /** Lines of Markdown. */
  ahead: readonly string[]
  troubles: readonly string[]
  dryRun: boolean
}

/** What a pass of the calendar came to. Red where a start failed or was lost, or something could not be read. */
export const told = ({ entries, ahead, troubles, dryRun }: Told): Outcome => {
  const { decision, reasonCode, failed } = wordOf(entries, troubles)
  const lines = entries.map(line)
  const message = [
    ...(entries.length === 0 ? ['no release is open: nothing is due'] : lines),
    ...troubles,
  ].join('; ')
  return {
    decision,
    reasonCode,
    message: message.slice(0, 2_000),
    failed,
    outputs: { ...empty, calendar: JSON.stringify(entries.map(short)) },
    data: { releases: entries.map(short), troubles: [...troubles], dryRun },
    summary: [
      entries.length === 0 ? '**No release is open**: nothing is due.' : showCalendar(entries),
      ...(ahead.length > 0 ? [`## Ahead\n\n${ahead.join('\n')}`] : []),
      ...troubles.map((trouble) => `- **Trouble**: ${inline(trouble, 500)}`),
    ].join('\n\n'),
  }
}

const wordOf = (
  entries: readonly Entry[],
  troubles: readonly string[],
): Pick<Outcome, 'decision' | 'reasonCode' | 'failed'> => {
  const any = (...wanted: string[]): boolean =>
    entries.some(({ standing }) => wanted.includes(standing?.standing ?? ''))
  const decision = any('started') ? 'started' : any('would-start') ? 'would-start' : 'told'
  if (any('lost', 'failed')) return { decision, reasonCode: 'start-failed', failed: true }
  if (troubles.length > 0) return { decision, reasonCode: 'calendar-incomplete', failed: true }
  if (decision !== 'told') return { decision, reasonCode: 'phase-due', failed: false }
  if (entries.length === 0) return { decision: 'nothing', reasonCode: 'no-release-open', failed: false }
  const due = entries.some((entry) => entry.due !== null || entry.overdue.length > 0)
  return due
    ? { decision, reasonCode: 'phase-due', failed: false }
    : { decision: 'nothing', reasonCode: 'nothing-due', failed: false }
}

const line = ({ dated: { plan }, phase, due, standing, overdue }: Entry): string =>
  `${plan.service} ${plan.version} (${phase ?? 'over'}): ${due && standing ? `${due.what}: ${standing.standing}, ${standing.text}` : 'nothing is due'}${overdue.length > 0 ? `; ${overdue.length} overdue` : ''}`

const short = ({ dated: { plan }, phase, next, due, standing, overdue }: Entry) => ({
  service: plan.service,
  version: plan.version,
  phase,
  next: next?.at ?? null,
  due: due?.act ?? null,
  standing: standing?.standing ?? null,
  run: standing?.url ?? '',
  overdue: overdue.length,
})
