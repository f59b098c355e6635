import { ConfigurationError } from '../../config/configuration-error.ts'
import type { CalendarPorts } from '../../ports/calendar.ts'
import type { RunContext } from '../../runtime/run-context.ts'
import { configuredFreezes } from '../../schedule/busy.ts'
import { openArtifactSource } from '../artifact/open-artifact-source.ts'
import { readCalendars } from '../calendar/read-calendars.ts'
import { systemClock as clock } from '../clock/system-clock.ts'
import { openClient } from '../github/client.ts'
import { openTicketFinder, openTicketReader } from '../github/find-ticket.ts'
import { openGitHub } from '../github/open-github.ts'
import { openRecordStore } from '../github/open-record-store.ts'
import { sha256 } from '../hash/sha256.ts'
import { openPartner } from '../train/open-partner.ts'

type Wish = { 'github-token': string; 'dry-run': boolean }

/** Everything by the job's token; no clone is needed. */
export const openCalendar = (wish: Wish, context: RunContext, signal: AbortSignal): CalendarPorts => {
  const token = wish['github-token']
  if (token === '')
    throw new ConfigurationError(
      'input "calendar": what is due lies in the record; give github-token (contents: write, actions: write, issues: write)',
    )
  const options = { context, token, dryRun: wish['dry-run'], clock, signal }
  const github = openGitHub(options)
  return {
    github,
    store: openRecordStore(options),
    own: openPartner(options),
    ticket: openTicketFinder(openClient(options)),
    ticketNow: openTicketReader(openClient(options)),
    calendars: async (policy, span, file) =>
      policy.calendars.length === 0 ? configuredFreezes(policy) : readCalendars(policy, span, file, signal),
    artifacts: openArtifactSource({ context, token, github, signal }),
    dryRun: wish['dry-run'],
    clock,
    sha256,
  }
}
