import type { GitHub } from './github.ts'
import type { Planning } from './planning.ts'
import type { RecordStore } from './record-store.ts'
import type { Partner } from './train.ts'

/** The ticket of a release as people left it. */
export type FoundTicket = {
  number: number
  body: string
  state: 'open' | 'closed'
  labels: string[]
  url: string
}

/** What a pass of the calendar needs. */
export type CalendarPorts = Pick<Planning, 'calendars' | 'artifacts' | 'dryRun' | 'clock' | 'sha256'> & {
  github: GitHub
  store: RecordStore
  /** Workflows of this repository, on its default branch. */
  own: Pick<Partner, 'file' | 'start' | 'find' | 'run'>
  /** The ticket that a bot wrote, by its marker or else its title; null: not found; off: the repository has no issues. */
  ticket(wanted: { marker: string; title: string }): Promise<FoundTicket | null | 'off'>
  /** How an issue is in this moment. */
  ticketNow(number: number): Promise<Pick<FoundTicket, 'state' | 'labels'>>
}
