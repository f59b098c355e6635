import { canonicalJson } from '../record/canonical-json.ts'
import type { EventDraft, RecordEvent } from '../record/event.ts'
import type { Due } from './act.ts'

/**
 * A run that was asked for appears in GitHub's list within seconds, but for its bad days; after this many it counts as never
 * started. Production is at stake in a release: the next hourly pass asks again.
 */
const graceSeconds: Readonly<Record<Due['act'], number>> = { plan: 120, review: 120, release: 3000 }
const mostAttempts = 3
/** As often a right that is missing, or a limit, is waited out. */
const mostWithdrawn = 5

/** What the record holds of one start. */
export type Start = {
  /** How often it was claimed; the claim stands before the start, so that no two passes start the same. */
  attempts: number
  /** Starts that GitHub certainly did not make, for want of a right or by its limit. */
  withdrawn: number
  /** Of the last claim, as long as nobody knows what became of it. ISO 8601. */
  claimedAt: string | null
  /** Of the first claim: the run is looked for from then on. */
  firstAt: string | null
  /** Files that it was claimed for: a run is found under its own, whatever the configuration names now. */
  workflows: readonly string[]
  run: number | null
  url: string
  /** Why GitHub did not start it. */
  why: string
}

type Draft = Pick<EventDraft, 'kind' | 'key' | 'data'>
type About = Pick<Due, 'act' | 'subject'>

export const startOf = (events: readonly RecordEvent[], { act, subject }: About): Start => {
  const start: Start = {
    ...{ attempts: 0, withdrawn: 0, claimedAt: null, firstAt: null, run: null },
    ...{ url: '', why: '', workflows: [] },
  }
  for (const { kind, data, at } of events) {
    if (kind !== 'dispatched' || data['act'] !== act || data['subject'] !== subject) continue
    const { stage, attempt, run, url, why, workflow } = data
    if (stage === 'claimed') {
      const workflows = [
        ...new Set([...start.workflows, ...(typeof workflow === 'string' ? [workflow] : [])]),
      ]
      const firstAt = start.firstAt ?? at
      Object.assign(start, { attempts: Number(attempt), claimedAt: at, firstAt, workflows })
    }
    if (stage === 'withdrawn') start.withdrawn += 1
    if (stage === 'withdrawn' || stage === 'refused')
      Object.assign(start, { claimedAt: null, why: String(why ?? '') })
    if (stage === 'started') Object.assign(start, { run: Number(run), url: String(url ?? '') })
  }
  return start
}

export type Next =
  | { next: 'start'; attempt: number }
  /** Claimed, and its run may still appear. */
  | { next: 'wait' }
  /** Started as often as may be, and no run is known. */
  | { next: 'lost' }
  | { next: 'started'; run: number; url: string; known: boolean }

/**
 * What a claimed start comes to. A claim without a run is of a job that was killed in between: its run was looked for by its
 * key (`found`), and it is asked for again only when it is not there after the grace. A claim that lies far ahead of `now` is
 * one of a clock that was wrong, and does not hold the start up.
 */
export const nextOf = (
  act: Due['act'],
  start: Start,
  found: { id: number; url: string } | null,
  now: string,
): Next => {
  if (start.run !== null) return { next: 'started', run: start.run, url: start.url, known: true }
  if (found) return { next: 'started', run: found.id, url: found.url, known: false }
  const waited = start.claimedAt === null ? Infinity : Date.parse(now) - Date.parse(start.claimedAt)
  if (Math.abs(waited) < graceSeconds[act] * 1000) return { next: 'wait' }
  if (start.attempts - start.withdrawn >= mostAttempts || start.withdrawn >= mostWithdrawn)
    return { next: 'lost' }
  return { next: 'start', attempt: start.attempts + 1 }
}

const draft = ({ act, subject }: About, stage: string, number: number, data: Draft['data']): Draft => ({
  kind: 'dispatched',
  key: `dispatched:${act}:${subject}:${stage}:${number}`,
  data: { act, subject, stage, ...data },
})

/** The claim of a start. Only who appended it starts the run. */
export const claimed = (about: About, attempt: number, workflow: string): Draft =>
  draft(about, 'claimed', attempt, { attempt, workflow })

export const started = (about: About, run: number, url: string): Draft =>
  draft(about, 'started', run, { run, url })

/** GitHub certainly did not start it: `withdrawn` where another pass may, `refused` where it said no to what was asked. */
export const unmade = (about: About, stage: 'withdrawn' | 'refused', attempt: number, why: string): Draft =>
  draft(about, stage, attempt, { attempt, why })

/** The key of a run: given to it as the input `calendar`, and found again in its name. Only hexadecimal digits. */
export const runKey = (
  { act, subject }: About,
  release: { service: string; version: string },
  sha256: (text: string) => string,
): string => sha256(canonicalJson({ calendar: { ...release, act, subject } })).slice(0, 24)
