import type { Plan } from '@relman/core/plan/plan'
import type { Seen } from '@relman/core/purpose/measure-objective'
import { type ObjectiveResult, recordedObjectives } from '@relman/core/purpose/objective-result'
import type { RecordEvent } from '@relman/core/record/event'
import type { Ports } from './ports.ts'

/**
 * How the objectives of a live release came out. What the record has stays: a second run does not measure again. Without
 * a metric to read, no provider is asked.
 */
export const lookUpObjectives = async (
  plan: Plan,
  events: readonly RecordEvent[],
  liveAt: string,
  ports: Pick<Ports, 'clock' | 'readSince'>,
): Promise<ObjectiveResult[]> => {
  const { objectives } = plan.policy.purpose
  if (objectives.length === 0) return []
  const recorded = recordedObjectives(events)
  if (recorded) return recorded
  const checks = plan.policy.metrics?.checks ?? []
  const names = objectives
    .flatMap(({ metric }) => metric ?? [])
    .filter((name) => checks.some((check) => check.name === name))
  const [from, to] = [Date.parse(liveAt) / 1000, ports.clock.now() / 1000]
  const nothing: Seen = { observations: [], missing: 'nothing measures it', from, to }
  const seen = names.length === 0 ? nothing : await ports.readSince(plan, names, from, to)
  const { measureObjectives } = await import('@relman/core/purpose/measure-objective')
  return measureObjectives(objectives, checks, seen)
}
