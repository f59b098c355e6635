import type { Plan } from '@relman/core/plan/plan'
import { shownPlan } from '@relman/core/plan/withhold'
import type { GitHub } from '@relman/core/ports/github'
import type { RecordEvent } from '@relman/core/record/event'
import { movesIn, tellMove } from '@relman/core/revision/show-move'

type Wish = { github: GitHub; issue: number; plan: Plan; events: readonly RecordEvent[] }

/**
 * Tells those affected of the last move of the window, once: as a comment of the ticket, found again by the plan that moved
 * it. What was recorded and not said, because the run died in between, is said by the next. Gives what kept it from that.
 */
export const tellLastMove = async ({ github, issue, plan, events }: Wish): Promise<string> => {
  const last = movesIn(events).at(-1)
  if (!last) return ''
  try {
    const marker = `relman:moved:${last.digest}`
    const name = `${plan.service} ${plan.version}`
    const moved = shownPlan({ ...plan, moved: last.moved }).moved ?? last.moved
    await github.issueComments.once({ issue, marker, body: tellMove(name, moved) })
    return ''
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return `those affected by the move could not be told: ${why}`
  }
}
