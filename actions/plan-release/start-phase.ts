import type { Dated, Due } from '@relman/core/calendar/act'
import { faultsOf, givenTo, takenBy } from '@relman/core/calendar/caller'
import type { Standing } from '@relman/core/calendar/show-calendar'
import { claimed, nextOf, runKey, type Start, started, startOf, unmade } from '@relman/core/calendar/start'
import { cutOf } from '@relman/core/plan/show-branch'
import type { CalendarPorts } from '@relman/core/ports/calendar'
import { GitHubError } from '@relman/core/ports/github-error'
import type { EventDraft, RecordEvent } from '@relman/core/record/event'
import { RecordError } from '@relman/core/record/record-error'
import type { RunContext } from '@relman/core/runtime/run-context'
import { readCaller } from '@relman/core/train/read-caller'

/** A start that comes later than this after its claim does not happen: another pass may have claimed it anew. */
const latestSeconds = 60

/** Something was written into the record of the release in between: what this pass decided is of yesterday. */
class ReleaseMoved extends Error {}

type Wanted = {
  dated: Dated
  due: Due
  component: string
  /** File of the workflow. */
  workflow: string
  /** Whether this pass may start one more run. */
  room: boolean
  /** Asked right before the claim: what speaks against the start by now; null: nothing. */
  still: () => Promise<string | null>
  context: RunContext
  ports: Pick<CalendarPorts, 'own' | 'store' | 'clock' | 'sha256' | 'dryRun'>
}

type Began = { standing: Standing; events: readonly RecordEvent[] }

const says = (standing: Standing['standing'], text: string, url = ''): Standing => ({ standing, text, url })

/**
 * Starts what is due, as a run of its own, or says what became of it. Each start is claimed in the record before it happens, by
 * compare-and-swap, so that of two passes one starts it; its run is written down afterwards.
 */
export const startPhase = async (wanted: Wanted): Promise<Began> => {
  const { dated, due, workflow, room, ports } = wanted
  const { plan, events } = dated
  const start = startOf(events, due)
  const key = runKey(due, plan, ports.sha256)
  const now = ports.clock.now()
  try {
    const run = await found(start, workflow, key, now, ports)
    const next = nextOf(due.act, start, run, new Date(now).toISOString())
    if (next.next === 'started') {
      const known =
        next.known || ports.dryRun ? events : await append(wanted, events, started(due, next.run, next.url))
      return { events: known, standing: await standingOf(next.run, next.url, due, ports) }
    }
    if (next.next === 'wait')
      return {
        events,
        standing: says(
          'waits',
          'its start was claimed a moment ago, and its run is not there yet; the next pass looks again',
        ),
      }
    if (next.next === 'lost')
      return {
        events,
        standing: says(
          'lost',
          `it was asked for ${start.attempts} times and never started${start.why === '' ? '' : ` (${start.why})`}: start ${workflow} by hand`,
        ),
      }
    if (!room)
      return {
        events,
        standing: says(
          'later',
          'this pass has started as many runs as it may (calendar.most); the next one does',
        ),
      }
    return await begin(wanted, next.attempt, key)
  } catch (error) {
    if (error instanceof ReleaseMoved)
      return { events, standing: says('waits', `${error.message}; the next pass looks again`) }
    if (!(error instanceof GitHubError || error instanceof RecordError)) throw error
    return { events, standing: says('failed', error.message) }
  }
}

/** A run whose start was not written down. */
const found = async (
  { run, firstAt, workflows }: Start,
  workflow: string,
  key: string,
  now: number,
  { own }: Wanted['ports'],
): Promise<{ id: number; url: string } | null> => {
  if (run !== null || firstAt === null) return null
  for (const file of workflows.length > 0 ? workflows : [workflow]) {
    const look = await own.find(file, key, Math.min(now, Date.parse(firstAt)))
    if (look) return look
  }
  return null
}

const begin = async (wanted: Wanted, attempt: number, key: string): Promise<Began> => {
  const { dated, due, component, workflow, ports } = wanted
  const { events } = dated
  const busy = due.act === 'release' ? await planningRun(dated, ports) : null
  if (busy !== null)
    return {
      events,
      standing: says('under-way', 'the run that planned it still goes on, and may be releasing it', busy),
    }
  const text = await ports.own.file(`.github/workflows/${workflow}`)
  if (text === null)
    return {
      events,
      standing: says(
        'failed',
        `there is no .github/workflows/${workflow} on the default branch: add it, or correct calendar.${due.act}`,
      ),
    }
  const caller = readCaller(text)
  const given = givenTo(due.act, dated, { key, component, branch: cutOf(events)?.branch ?? '' })
  const faults = faultsOf(caller, workflow, due.act, given)
  if (caller === undefined || faults.length > 0)
    return { events, standing: says('failed', faults.join('; ')) }
  if (ports.dryRun) return { events, standing: says('would-start', `a dry run: it would start ${workflow}`) }
  const held = await wanted.still()
  if (held !== null) return { events, standing: says('held', held) }
  const since = ports.clock.now()
  const known = await append(wanted, events, claimed(due, attempt, workflow))
  if (ports.clock.now() - since > latestSeconds * 1000)
    return {
      events: known,
      standing: says('waits', 'the record answered too late to start it now; the next pass does'),
    }
  const run = await ports.own.start(workflow, takenBy(caller, given)).catch((error: unknown) => {
    if (error instanceof GitHubError) return error
    throw error
  })
  if (run instanceof GitHubError) {
    const stage = stageOf(run)
    const after =
      stage === null ? known : await append(wanted, known, unmade(due, stage, attempt, run.message))
    return { events: after, standing: says('failed', run.message) }
  }
  const standing = says('started', `${workflow} was started`, run?.url)
  // A note that could not be written is made up by the next pass, which finds the run by its key.
  const noted = run ? append(wanted, known, started(due, run.id, run.url)).catch(() => known) : known
  return { events: await noted, standing }
}

/** Address of the run that planned the revision in force, where it still lives: a second one would void what people sign there. */
const planningRun = async ({ events, digest }: Dated, { own }: Wanted['ports']): Promise<string | null> => {
  const { run = null } = events.findLast((event) => event.kind === 'planned' && event.digest === digest) ?? {}
  const look = run === null ? null : await own.run(run.id)
  return look === null || look.over ? null : look.url
}

/** What a start that failed certainly came to; null: it may have happened. */
const stageOf = (error: GitHubError): 'withdrawn' | 'refused' | null => {
  if (
    error.status === 404 ||
    error.reasonCode === 'permission-missing' ||
    error.reasonCode === 'rate-limited'
  )
    return 'withdrawn'
  return error.reasonCode === 'github-refused' ? 'refused' : null
}

const append = async (
  { dated: { plan, digest }, context, ports }: Wanted,
  before: readonly RecordEvent[],
  draft: Pick<EventDraft, 'kind' | 'key' | 'data'>,
): Promise<RecordEvent[]> => {
  const about = { actor: context.actor, run: context.run, digest, token: null }
  const seen = before.at(-1)?.hash
  const written = await ports.store.append(plan.service, plan.version, [{ ...draft, ...about }], {
    // A run that was started is one, whatever was written since.
    guard: (known) => {
      if (draft.data['stage'] === 'claimed' && known.at(-1)?.hash !== seen)
        throw new ReleaseMoved('the record of this release was written in this moment')
    },
  })
  return written.events
}

/** A run that is over while its act is still due did not bring it about; nothing is started twice for one date. */
const standingOf = async (
  id: number,
  url: string,
  { act }: Due,
  { own }: Wanted['ports'],
): Promise<Standing> => {
  const run = await own.run(id)
  if (!run.over) return says('under-way', 'it was started', url)
  return says(
    'over',
    `it was started, its run is over (${run.conclusion ?? 'without a conclusion'}), and the ${act} is still due: look at the run, and start it by hand`,
    url,
  )
}
