import { z } from 'zod'
import type { EventDraft, RecordEvent } from '../record/event.ts'
import { cut } from '../text/visible.ts'
import { type Dated, instant } from './act.ts'
import { mayGoBack } from './due.ts'

const mostKept = 30

const one = z.object({
  version: z.string(),
  reference: z.string(),
  digest: z.string().nullable(),
  state: z.string(),
  why: z.string(),
})
export type Kept = z.output<typeof one>
export type KeptLook = { at: string; kept: Kept[] }

const day = (at: string): string => new Date(at).toISOString().slice(0, 10)

/** The last look at what stays deployable (row P25); null: there was none. */
export const lastLook = (events: readonly RecordEvent[]): KeptLook | null => {
  const event = events.findLast(({ kind }) => kind === 'looked')
  const { data } = z.object({ kept: z.array(one) }).safeParse(event?.data)
  return event && data ? { at: event.at, kept: data.kept } : null
}

/** Once a day (UTC), from plan until the rollback window is over. */
export const isLookDue = (dated: Dated, now: string): boolean => {
  const last = lastLook(dated.events)
  return mayGoBack(dated, now) && (last === null || day(last.at) < day(now))
}

export const looked = (now: string, kept: readonly Kept[]): Pick<EventDraft, 'kind' | 'key' | 'data'> => ({
  kind: 'looked',
  key: `looked:${day(now)}`,
  data: {
    kept: kept.slice(0, mostKept).map(({ version, reference, digest, state, why }) => ({
      version: cut(version, 100),
      reference: cut(reference, 200),
      digest,
      state,
      why: cut(why, 300),
    })),
  },
})

/** What a look comes to, in sentences that are not escaped yet: what is gone, with the remedy; what nobody could ask. */
export const keptWords = ({ at, kept }: KeptLook): { gone: string[]; rest: string } => {
  const gone = kept.filter(({ state }) => state === 'gone')
  const there = kept.filter(({ state }) => state === 'there')
  const unknown = kept.filter(({ state }) => state !== 'gone' && state !== 'there')
  const names = (some: readonly Kept[]): string => [...new Set(some.map(({ version }) => version))].join(', ')
  return {
    gone: gone.map(
      ({ version, reference, digest, why }) =>
        `${version} can no longer be deployed: ${reference}${digest === null ? '' : ` (${digest.slice(0, 19)}…)`} is gone${why === '' ? '' : `, ${why}`}. Push what has this digest again (a mirror or a machine that ran it has it), and keep the last versions in the registry; until then a rollback must not count on it`,
    ),
    rest: [
      `looked ${instant(at).slice(0, 10)}`,
      there.length > 0 ? `there: ${names(there)}` : '',
      unknown.length > 0 ? `not known: ${names(unknown)} (${unknown[0]?.why ?? ''})` : '',
      kept.length === 0 ? 'no earlier version is in the record' : '',
    ]
      .filter((part) => part !== '')
      .join('; '),
  }
}
