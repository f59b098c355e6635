import type { Clock } from '../../ports/clock.ts'
import type { GitHub } from '../../ports/github.ts'
import { advance } from '../../rollout/progress.ts'
import type { RolloutState } from '../../rollout/rollout-state.ts'
import { digest8, formatStatusLine, type StatusEntry, type StatusWord } from '../../rollout/status-line.ts'
import { sentence } from './move-traffic.ts'

type Report = GitHub['deployments']['report']

export type StatusReporter = {
  state(): RolloutState
  /** What was added here, in order. */
  added(): readonly StatusEntry[]
  /** Changes the state now and reports it in the background, in order. */
  add(word: StatusWord, change?: { step?: number; weight?: number; reason?: string; at?: number }): void
  /** True when all is reported; waits at most so many milliseconds. */
  settled(milliseconds: number): Promise<boolean>
}

const deploymentState: Record<StatusWord, Parameters<Report>[1]> = {
  moved: 'in_progress',
  confirmed: 'in_progress',
  healthy: 'in_progress',
  unhealthy: 'in_progress',
  inconclusive: 'in_progress',
  asked: 'in_progress',
  done: 'success',
  returning: 'in_progress',
  returned: 'failure',
  recovered: 'failure',
  'not-recovered': 'error',
  stuck: 'error',
}

const retryMilliseconds = 2000

/**
 * Reports each change of a rollout as a status of its deployment. Reports are sent one after the other and again until
 * they arrive; nothing that watches or moves traffic waits for them unless it asks whether all are `settled`.
 */
export const openStatusReporter = (
  start: RolloutState,
  {
    report,
    clock,
    log,
  }: {
    report: (state: Parameters<Report>[1], line: string) => Promise<void>
    clock: Clock
    log: (line: string) => void
  },
): StatusReporter => {
  let state = start
  const added: StatusEntry[] = []
  let open = 0
  let queue = Promise.resolve()
  const send = async (entry: StatusEntry): Promise<void> => {
    for (;;) {
      try {
        await report(deploymentState[entry.word], formatStatusLine(entry))
        open -= 1
        return
      } catch (error) {
        log(`the status "${entry.word}" could not be reported yet: ${sentence(error)}`)
        await clock.sleep(retryMilliseconds)
      }
    }
  }
  return {
    state: () => state,
    added: () => added,
    add: (word, change = {}) => {
      const entry: StatusEntry = {
        seq: state.seq + 1,
        step: change.step ?? state.visits.at(-1)?.step ?? 0,
        weight: change.weight ?? state.weight,
        word,
        digest8: digest8(state.digest),
        at: change.at ?? clock.now() / 1000,
        reason: change.reason ?? null,
      }
      state = advance(state, entry)
      added.push(entry)
      open += 1
      queue = queue.then(() => send(entry))
    },
    settled: async (milliseconds) => {
      if (open === 0) return true
      const waited = new AbortController()
      const pause = clock.sleep(milliseconds, waited.signal).catch(() => undefined)
      await Promise.race([queue, pause])
      waited.abort()
      return open === 0
    },
  }
}
