import type { Config } from '../config/config.ts'
import type { RecordEvent, ReleaseState } from '../record/event.ts'
import { fold } from '../record/fold.ts'

type Rollout = Config['rollout']

/** How a past release ended; newest first in a list. */
export type Ended = {
  version: string
  state: ReleaseState | null
  reason: string
  /** What a person said who took it back; empty otherwise. */
  why?: string
  /** As its plan says; null where an older relman planned it. */
  type: string | null
  sha: string | null
  /** Of its plan; null where the record does not tell. */
  digest?: string | null
}

/** What a past release changed in this plan, in words that the plan shows. */
export type Lesson = { from: string; why: string; change: string }

/** The end of a release, from its events. */
export const endedOf = (version: string, events: readonly RecordEvent[]): Ended => {
  const back = events.findLast(({ kind }) => kind === 'rolled-back' || kind === 'rollback-failed')
  const reason = back?.data['reason']
  const told = events.findLast(({ kind }) => kind === 'planned')?.data
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return {
    version,
    state: fold(events).state,
    reason: text(reason) ?? '',
    why: text(back?.data['why']) ?? '',
    type: text(told?.['type']),
    sha: text(told?.['sha']),
    digest: fold(events).digest,
  }
}

const bad: readonly (ReleaseState | null)[] = ['rolled-back', 'rollback-failed', 'deployment-failed']
const good: readonly (ReleaseState | null)[] = ['deployed', 'completed']
const looked = 5

/** The last releases that anybody was exposed to. */
export const exposedOf = (past: readonly Ended[]): Ended[] => past.filter(wasExposed).slice(0, looked)

export const wasExposed = ({ state }: Ended): boolean => bad.includes(state) || good.includes(state)

export const wasTakenBack = ({ state }: Ended): boolean => bad.includes(state)

/**
 * Row L6: caution after harm. Where the last exposed release was taken back, the least bakes double and the first step is
 * half as large; where two or more of the last five were, the least bakes grow by half. A bake never grows above the
 * patience of its step, and nothing ever gets less careful than the policy says.
 */
export const lessons = (
  past: readonly Ended[],
  rollout: Rollout,
): { rollout: Rollout; lessons: Lesson[] } => {
  const exposed = exposedOf(past)
  const failed = exposed.filter(wasTakenBack)
  const last = exposed[0]
  if (!last || failed.length === 0) return { rollout, lessons: [] }
  if (bad.includes(last.state)) {
    const { rollout: smaller, change } = firstStep(longer(rollout, 2))
    const why = `the last release was ${howItEnded(last)}`
    return {
      rollout: smaller,
      lessons: [
        { from: last.version, why, change: 'least bakes are twice as long' },
        ...(change === '' ? [] : [{ from: last.version, why, change }]),
      ],
    }
  }
  if (failed.length < 2) return { rollout, lessons: [] }
  const why = `${failed.length} of the last ${exposed.length} releases were taken back`
  return {
    rollout: longer(rollout, 1.5),
    lessons: [
      {
        from: failed.map(({ version }) => version).join(', '),
        why,
        change: 'least bakes are half as long again',
      },
    ],
  }
}

/** How a release ended that was taken back, in words. */
export const howItEnded = ({ state, reason }: Pick<Ended, 'state' | 'reason'>): string =>
  `${state === 'rolled-back' ? 'rolled back' : state === 'rollback-failed' ? 'not brought back in order' : 'a failure'}${reason ? ` (${reason})` : ''}`

const longer = (rollout: Rollout, times: number): Rollout => ({
  ...rollout,
  steps: rollout.steps.map((step) => ({
    ...step,
    // A step that would end before it may is a fault of the configuration, and stays one.
    min: step.min > step.max ? step.min : Math.min(step.min * times, step.max),
  })),
})

/** Weights are percent; a step below 2 % is small enough. */
const firstStep = (rollout: Rollout): { rollout: Rollout; change: string } => {
  const [first, ...rest] = rollout.steps
  if (!first || first.weight < 2 || rest.length === 0) return { rollout, change: '' }
  const weight = Math.round(first.weight * 50) / 100
  return {
    rollout: { ...rollout, steps: [{ ...first, weight }, ...rest] },
    change: `the first step is ${weight} % in the place of ${first.weight} %`,
  }
}
