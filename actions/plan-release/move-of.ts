import type { Plan } from '@relman/core/plan/plan'
import type { RecordEvent } from '@relman/core/record/event'
import type { WhyMove } from '@relman/core/schedule/keep-window'
import type { MovedWindow } from '@relman/core/schedule/moved-window'
import { z } from 'zod'

/** How the window came about: the plan before, why its window did not stay, and what the caller gave as the reason. */
export type Move = { before: Plan | null; why: WhyMove | null; words: string }

const told = z.object({ window: z.object({ start: z.string(), end: z.string() }) })

/** The move that this plan is against the revision before; null where nothing moved, or another run has said so already. */
export const moveOf = async (
  plan: Plan,
  { before, why, words }: Move,
  events: readonly RecordEvent[],
): Promise<MovedWindow | null> => {
  const window = plan.schedule?.window
  if (!before || !why || !window) return null
  const { data } = told.safeParse(events.findLast(({ kind }) => kind === 'planned')?.data)
  if (data?.window.start === window.start && data.window.end === window.end) return null
  const { moveWindow } = await import('@relman/core/revision/move-window')
  return moveWindow(before, plan, { why, words, by: plan.author || 'unknown', at: plan.plannedAt })
}
