import type { ReleaseState } from '../record/event.ts'
import type { Steps } from './steps.ts'
import type { PartFacts } from './train.ts'

/** How the release of a component stands; `exposed`: its version reached users, so that a failure is more than a refusal. */
export type Outcome = {
  is: 'open' | 'running' | 'completed' | 'unsettled' | 'failed' | 'deferred'
  exposed: boolean
  why: string
}

const exposed: ReadonlySet<ReleaseState | null> = new Set<ReleaseState>([
  'executing',
  'deployed',
  'completed',
  'deployment-failed',
  'rolled-back',
  'rollback-failed',
])

const unsettled: ReadonlySet<ReleaseState | null> = new Set<ReleaseState>(['executing', 'deployed'])

/**
 * A release is over when its record says completed, or its run is over. Until then earlier states of the same version, of an
 * attempt before this one, mean nothing.
 */
export const releaseOutcome = (steps: Steps, facts: PartFacts): Outcome => {
  const { state, release, trouble } = facts
  const said = state ?? 'not planned'
  const outcome = (is: Outcome['is'], why = ''): Outcome => ({ is, exposed: exposed.has(state), why })
  if (steps.ended === 'deferred') return { is: 'deferred', exposed: false, why: steps.why }
  if (steps.ended === 'refused') return { is: 'failed', exposed: false, why: steps.why }
  if (trouble !== null) return outcome('running', trouble)
  if (steps.attempts === 0 && steps.ended === null) return outcome('open')
  if (state === 'completed') return outcome('completed')
  if (steps.ended === 'already-there')
    return outcome('failed', `its release was completed before and is ${said} now`)
  if (!release?.over) return outcome('running', `its release is ${said}`)
  const how = `its run ended (${release.conclusion ?? 'unknown'}) and its release is ${said}`
  return unsettled.has(state)
    ? outcome('unsettled', `${how}: it must be settled in its repository`)
    : outcome('failed', how)
}

/** How the way back of a component stands. */
export type Back = { is: 'settled' | 'cancel' | 'wait' | 'start' | 'stuck'; why: string }

const nothingLive: ReadonlySet<ReleaseState | null> = new Set<ReleaseState | null>([
  null,
  'planning',
  'planning-failed',
  'approved',
  'rejected',
  'execution-failed',
])

/** What is left to undo of a component that this train started. */
export const backOutcome = (
  release: Steps,
  rollback: Steps,
  { state, live, trouble, release: run, rollback: back }: PartFacts,
  version: string,
): Back => {
  if (release.attempts === 0 || release.ended === 'refused') return { is: 'settled', why: '' }
  if (trouble !== null) return { is: 'wait', why: trouble }
  if (release.run !== null && !run?.over)
    return release.cancelled ? { is: 'wait', why: 'its release was told to stop' } : { is: 'cancel', why: '' }
  if (release.run === null) return { is: 'wait', why: 'its run is looked for' }
  if (state === 'rolled-back') return { is: 'settled', why: 'rolled back' }
  if (nothingLive.has(state)) return { is: 'settled', why: 'nothing of it was live' }
  if (rollback.ended === 'refused') return { is: 'stuck', why: rollback.why }
  if (rollback.run !== null && back?.over)
    return {
      is: 'stuck',
      why: `its rollback ended (${back.conclusion ?? 'unknown'}) and its release is ${state}: bring it back by hand`,
    }
  if (rollback.attempts > 0) return { is: 'wait', why: 'its rollback runs' }
  const overtaken = (state === 'completed' || state === 'deployed') && live !== null && live !== version
  return overtaken
    ? { is: 'stuck', why: `${live} is live there now, and a rollback would take that back: decide by hand` }
    : { is: 'start', why: '' }
}
