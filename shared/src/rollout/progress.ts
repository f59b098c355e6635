import type { RolloutState, Visit } from './rollout-state.ts'
import { digest8, parseStatusLine, type StatusEntry } from './status-line.ts'

type Start = Pick<RolloutState, 'digest' | 'version' | 'previous' | 'token'>

/** A rollout that has not begun. */
export const begin = ({ digest, version, previous, token }: Start): RolloutState => ({
  schema: 1,
  digest,
  version,
  previous,
  token,
  seq: 0,
  weight: 0,
  phase: 'ready',
  visits: [],
})

const close = (visits: readonly Visit[], change: Partial<Visit>): Visit[] =>
  visits.map((visit, index) => (index === visits.length - 1 ? { ...visit, ...change } : visit))

/** The state after one more status. The walk changes its state by this alone, so what a reader folds is what it was. */
export const advance = (state: RolloutState, entry: StatusEntry): RolloutState => {
  const { seq, step, weight, word, at, reason } = entry
  const open = state.visits.at(-1)
  const end = open && open.endedAt === null ? { endedAt: at } : {}
  const next = { ...state, seq: Math.max(seq, state.seq) }
  switch (word) {
    case 'moved': {
      const fresh = {
        step,
        weight,
        movedAt: at,
        confirmedAt: null,
        endedAt: null,
        verdict: null,
        reason: null,
      }
      const repeated = open?.step === step && open.confirmedAt === null
      const visits = repeated ? state.visits : [...close(state.visits, end), fresh]
      return { ...next, weight, phase: 'moving', visits }
    }
    case 'confirmed':
      return { ...next, weight, phase: 'draining', visits: close(state.visits, { confirmedAt: at }) }
    case 'healthy':
    case 'unhealthy':
    case 'inconclusive':
      return {
        ...next,
        weight,
        phase: 'baking',
        visits: close(state.visits, { ...end, verdict: word, reason }),
      }
    case 'done':
      return { ...next, weight, phase: 'done', visits: close(state.visits, end) }
    case 'returning':
      return { ...next, phase: 'returning', visits: close(state.visits, end) }
    case 'returned':
      return { ...next, weight: 0, phase: 'returned', visits: close(state.visits, end) }
    case 'stuck':
      return { ...next, weight, phase: 'stuck', visits: close(state.visits, end) }
    case 'asked':
      return { ...next, visits: close(state.visits, { askedAt: at }) }
    case 'recovered':
    case 'not-recovered':
      return next
  }
}

/** A status as GitHub returns it: `createdAt` is ISO 8601. */
export type Reported = { id: number; description: string; createdAt: string }

/** The entries of one plan among the statuses of a deployment, in the order they were made. Other text is left out. */
export const entriesOf = (statuses: readonly Reported[], digest: string): StatusEntry[] =>
  statuses
    .map((status) => ({
      id: status.id,
      entry: parseStatusLine(status.description, Math.floor(Date.parse(status.createdAt) / 1000) || 0),
    }))
    .filter((item): item is { id: number; entry: StatusEntry } => item.entry?.digest8 === digest8(digest))
    .sort((a, b) => a.entry.seq - b.entry.seq || a.id - b.id)
    .map(({ entry }) => entry)
    .filter(
      (entry, index, all) => !(all[index - 1]?.seq === entry.seq && all[index - 1]?.word === entry.word),
    )

/** Where a rollout stands, folded from what was reported. The phase in a drain or bake depends on the time: `phaseAt`. */
export const fold = (start: Start, entries: readonly StatusEntry[]): RolloutState =>
  entries.reduce(advance, begin(start))

/** Sequence numbers that are missing: someone removed a status, or a report was lost. */
export const gaps = (entries: readonly StatusEntry[]): number[] => {
  const seen = new Set(entries.map((entry) => entry.seq))
  const last = entries.reduce((most, entry) => Math.max(most, entry.seq), 0)
  return Array.from({ length: last }, (_, index) => index + 1).filter((seq) => !seen.has(seq))
}

/** The phase at a moment: after the drain of a confirmed move the bake begins. Times in Unix seconds, `drain` in seconds. */
export const phaseAt = (state: RolloutState, now: number, drain: number): RolloutState['phase'] => {
  const confirmedAt = state.visits.at(-1)?.confirmedAt ?? null
  return state.phase === 'draining' && confirmedAt !== null && now >= confirmedAt + drain
    ? 'baking'
    : state.phase
}
