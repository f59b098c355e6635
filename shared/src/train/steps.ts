import type { RecordEvent } from '../record/event.ts'
import type { Draft, Operation } from './train.ts'

/** What the record holds of one operation on one component. Times: ISO 8601. */
export type Steps = {
  /** How often a start was claimed; the claim stands before the start, so that no two runs start the same. */
  attempts: number
  /** Starts that GitHub certainly did not make, for want of a right or by its limit. */
  withdrawn: number
  claimedAt: string | null
  run: number | null
  /** `refused`: GitHub did not start it. `already-there`: it was completed before this train. */
  ended: string | null
  why: string
  cancelled: boolean
}

const none: Steps = {
  attempts: 0,
  withdrawn: 0,
  claimedAt: null,
  run: null,
  ended: null,
  why: '',
  cancelled: false,
}

/** The steps of a component, from the events of its train. */
export const stepsOf = (events: readonly RecordEvent[], component: string, operation: Operation): Steps => {
  const steps = { ...none }
  for (const { kind, data, at } of events) {
    if (kind !== 'stepped' || data['component'] !== component || data['operation'] !== operation) continue
    const { phase, attempt, run, outcome, why } = data
    if (phase === 'claimed') Object.assign(steps, { attempts: Number(attempt), claimedAt: at })
    if (phase === 'withdrawn') steps.withdrawn += 1
    if (phase === 'started') steps.run = Number(run)
    if (phase === 'cancelled') steps.cancelled = true
    if (phase === 'ended') Object.assign(steps, { ended: String(outcome), why: String(why ?? '') })
  }
  return steps
}

type About = { component: string; operation: Operation }

/** The claim of a start. Only who appended it starts the run. */
export const claim = ({ component, operation }: About, attempt: number, key: string): Draft => ({
  kind: 'stepped',
  key: `${operation}:${component}:claimed:${attempt}`,
  data: { component, operation, phase: 'claimed', attempt, train: key },
})

/** Says that GitHub certainly did not make the start of a claim, so that it does not count as lost. */
export const withdrawn = ({ component, operation }: About, attempt: number): Draft => ({
  kind: 'stepped',
  key: `${operation}:${component}:withdrawn:${attempt}`,
  data: { component, operation, phase: 'withdrawn', attempt },
})

export const started = ({ component, operation }: About, run: number, url: string): Draft => ({
  kind: 'stepped',
  key: `${operation}:${component}:started:${run}`,
  data: { component, operation, phase: 'started', run, url },
})

export const cancelled = (component: string, run: number): Draft => ({
  kind: 'stepped',
  key: `release:${component}:cancelled:${run}`,
  data: { component, operation: 'release', phase: 'cancelled', run },
})

export const ended = ({ component, operation }: About, outcome: string, why: string): Draft => ({
  kind: 'stepped',
  key: `${operation}:${component}:ended:${outcome}`,
  data: { component, operation, phase: 'ended', outcome, why },
})
