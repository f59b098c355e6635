import type { Act, Dated, Due } from '@relman/core/calendar/act'
import { aheadDays, aheadOf } from '@relman/core/calendar/ahead'
import { writeCalendar } from '@relman/core/calendar/calendar-ticket'
import { dueOf } from '@relman/core/calendar/due'
import { type Around, heldBack } from '@relman/core/calendar/hold-back'
import { lastLook } from '@relman/core/calendar/kept-look'
import { overdueOf } from '@relman/core/calendar/overdue'
import { nextDate, phaseAt } from '@relman/core/calendar/phase-at'
import type { Entry, Standing } from '@relman/core/calendar/show-calendar'
import { shownDates } from '@relman/core/calendar/shown-dates'
import { startOf } from '@relman/core/calendar/start'
import type { CalendarPorts, FoundTicket } from '@relman/core/ports/calendar'
import type { RunContext } from '@relman/core/runtime/run-context'
import { ticketMarker, ticketTitle } from '@relman/core/ticket/ticket'
import { ticksIn } from '@relman/core/ticket/ticks'
import { type Agenda, gatherCalendar, type OpenDate } from './gather-calendar.ts'
import type { Inputs } from './inputs.ts'
import { lookKept } from './look-kept.ts'
import { startPhase } from './start-phase.ts'
import { stillFree } from './still-free.ts'
import { told } from './tell-calendar.ts'

/** A window passes; a review can wait for the next pass. */
const order: Readonly<Record<Act, number>> = { release: 0, plan: 1, review: 2 }

type Case = OpenDate & { due: Due | null; ticket: FoundTicket | null | string }

/**
 * Row L5: one pass over every open release. From plan and record it finds which phase each is in and what is due, starts the
 * workflow of the repository that the configuration names for it, each as a run of its own, and says the rest: in the
 * section of the ticket, in place, and in the summary. It keeps nothing for itself, so that it may be killed and run again.
 */
export const driveCalendar = async (input: Inputs, context: RunContext, ports: CalendarPorts) => {
  const now = new Date(ports.clock.now()).toISOString()
  const agenda = await gatherCalendar(input, context.repository.name, ports, now)
  const { troubles } = agenda
  const cases: Case[] = []
  for (const each of agenda.open)
    cases.push({ ...each, due: dueOf(each.dated, now), ticket: await lookAt(each.dated, ports) })
  // One that is not there holds its own release alone.
  const unread = cases.flatMap(({ ticket }) =>
    typeof ticket === 'string' && ticket !== missing ? ticket : [],
  )
  troubles.push(...new Set(unread))
  cases.sort((a, b) => (a.due ? order[a.due.act] : 9) - (b.due ? order[b.due.act] : 9))
  const file = (path: string) => ports.github.file(path, input['policy-ref'] || undefined)
  const busy = await readBusy(cases, agenda, file, ports, now)
  const entries: Entry[] = []
  const brought: Brought[] = []
  let room = agenda.policy.calendar?.most ?? 0
  for (const one of cases) {
    const around: Around = {
      ...{ service: one.service, successor: one.successor, busy },
      ticket: one.ticket,
      hold: agenda.policy.calendar?.hold ?? 'hold',
    }
    const { standing, events } = await bring(one, { around, agenda, room: room > 0, context, ports, now })
    // A start that failed was one, too: nothing is asked of GitHub more often than that.
    if (standing?.standing === 'would-start' || attempts(events, one) > attempts(one.dated.events, one))
      room -= 1
    brought.push({ standing, events })
  }
  // Afterwards: a registry that is slow holds up no start.
  for (const [index, one] of cases.entries()) {
    const { standing = null, events = one.dated.events } = brought[index] ?? {}
    const dated = { ...one.dated, events }
    const policy = agenda.policyFor(dated.plan.service)
    const known = await lookKept({ dated, policy, context, ports }).catch((error: unknown) => {
      troubles.push(
        `${dated.plan.service} ${dated.plan.version}: what stays deployable could not be looked for: ${wordOf(error)}`,
      )
      return events
    })
    entries.push(entryOf(one, { ...dated, events: known }, standing, now))
  }
  if (!ports.dryRun)
    for (const [index, entry] of entries.entries()) {
      const trouble = await tell(entry, cases[index]?.ticket ?? null, ports)
      if (trouble !== '') troubles.push(trouble)
    }
  const ahead = aheadOf(
    entries.map(({ dated }) => dated),
    agenda.policy.schedule,
    busy,
    now,
  )
  return told({ entries, ahead, troubles, dryRun: ports.dryRun })
}

const attempts = (events: Dated['events'], { due }: Case): number =>
  due === null ? 0 : startOf(events, due).attempts

const wordOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const missing = 'its ticket was not found among the newest issues: plan it again, which opens one'

const lookAt = async ({ plan }: Dated, { ticket }: CalendarPorts): Promise<Case['ticket']> => {
  try {
    const found = await ticket({ marker: ticketMarker(plan), title: ticketTitle(plan) })
    return found === 'off' ? null : (found ?? missing)
  } catch (error) {
    return `the tickets could not be read: ${wordOf(error)}`
  }
}

/** What keeps releases out, over the windows that are open and the weeks to come; that it cannot be read does not stop the rest. */
const readBusy = async (
  cases: readonly Case[],
  { policy }: Agenda,
  file: (path: string) => Promise<string | null>,
  { calendars }: CalendarPorts,
  now: string,
): Promise<Around['busy']> => {
  const ends = cases.flatMap(({ due, dated }) =>
    due?.act === 'release' ? (dated.plan.schedule?.window?.end ?? []) : [],
  )
  const horizon = Date.parse(now) + aheadDays * 86_400_000
  const end = new Date(Math.max(horizon, ...ends.map((each) => Date.parse(each)))).toISOString()
  try {
    return await calendars(policy.schedule, { start: now, end }, file)
  } catch (error) {
    return wordOf(error)
  }
}

type Hands = {
  around: Around
  agenda: Agenda
  room: boolean
  context: RunContext
  ports: CalendarPorts
  now: string
}
type Brought = { standing: Standing | null; events: Dated['events'] }

/** Starts what is due where the configuration says so and nothing speaks against it; else says why not. */
const bring = async (
  { dated, due, component, ticket }: Case,
  { around, agenda, room, context, ports, now }: Hands,
): Promise<Brought> => {
  const { events } = dated
  if (due === null) return { standing: null, events }
  const only = (standing: Standing['standing'], text: string): Brought => ({
    events,
    standing: { standing, text, url: '' },
  })
  const begun = startOf(events, due).run !== null
  const held = begun ? null : heldBack(due, dated, around, now)
  if (held !== null) return only('held', held)
  const { policy } = agenda
  const workflow = policy.calendar?.[due.act]
  if (workflow === undefined)
    return only('told', `calendar.${due.act} names no workflow, so that nobody starts it but you`)
  if (policy.mode !== 'enforce')
    return only('told', `in the mode ${policy.mode} nothing is started: ${workflow} would be`)
  const still = () => stillFree({ dated, due, ticket, around, ports })
  return startPhase({ dated, due, component, workflow, room, still, context, ports })
}

const entryOf = (one: Case, dated: Dated, standing: Standing | null, now: string): Entry => {
  const { ticket, due, successor } = one
  const unread = typeof ticket === 'string' ? ticket : ''
  const ticked =
    unread === '' && successor === null && !isSecret(dated)
      ? ticksIn(
          typeof ticket === 'string' ? '' : (ticket?.body ?? ''),
          ticketMarker(dated.plan),
          'preparation',
        )
      : null
  return {
    ...{ dated, due, standing, unread, successor },
    phase: phaseAt(shownDates(dated), now),
    next: nextDate(shownDates(dated), now),
    overdue: successor === null ? overdueOf(dated, ticked, now) : [],
    kept: lastLook(dated.events),
  }
}

/** Its timeline would give it away. */
const isSecret = ({ plan }: Dated): boolean => plan.embargo?.public === true

/** Brings the section of the ticket up to date; the ticket itself stays as people left it. Gives what kept it from that. */
const tell = async (
  entry: Entry,
  ticket: Case['ticket'],
  { github, clock }: CalendarPorts,
): Promise<string> => {
  const { plan } = entry.dated
  if (typeof ticket === 'string' || ticket === null || entry.successor !== null) return ''
  const now = clock.now()
  try {
    await github.issues.ensure({
      marker: ticketMarker(plan),
      title: ticketTitle(plan),
      labels: ['release'],
      state: ticket.state,
      write: (body) => writeCalendar(body, entry, now),
    })
    return ''
  } catch (error) {
    return `the ticket of ${plan.service} ${plan.version} could not be brought up to date: ${wordOf(error)}`
  }
}
