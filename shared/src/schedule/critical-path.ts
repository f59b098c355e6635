import { ConfigurationError } from '../config/configuration-error.ts'
import type { TaskRule } from './task.ts'

export type Scheduled = TaskRule & {
  /** Hours from the start of all work. */
  start: number
  finish: number
  /** How many hours it may slip without moving the release. */
  slack: number
  critical: boolean
  /** Tasks with the same number can run side by side. */
  layer: number
}

export type Network = { tasks: Scheduled[]; hours: number; critical: string[] }

/**
 * Critical path method (Kelley and Walker, 1959): earliest and latest start of each task, elapsed hours. `until` is the
 * task that ends the count (the rollout); what comes after it has slack only against its own kind.
 *
 * @throws ConfigurationError for a dependency that is unknown, a doubled id, a negative length, or a cycle, which it names
 */
export const criticalPath = (rules: readonly TaskRule[], until = 'rollout'): Network => {
  const byId = new Map(rules.map((rule) => [rule.id, rule]))
  check(rules, byId)
  const order = inOrder(rules, byId)
  const finish = new Map<string, number>()
  const layer = new Map<string, number>()
  for (const { id, hours, after } of order) {
    finish.set(id, Math.max(0, ...after.map((each) => finish.get(each) ?? 0)) + hours)
    layer.set(id, Math.max(0, ...after.map((each) => (layer.get(each) ?? 0) + 1)))
  }
  const whole = Math.max(0, ...finish.values())
  const total = finish.get(until) ?? whole
  const before = needed(until, byId)
  const latest = new Map<string, number>()
  for (const { id } of [...order].reverse()) {
    const next = order.filter(
      ({ id: other, after }) => after.includes(id) && before.has(other) === before.has(id),
    )
    const end = before.has(id) || before.size === 0 ? total : whole
    latest.set(id, Math.min(end, ...next.map((each) => (latest.get(each.id) ?? whole) - each.hours)))
  }
  const tasks = order.map((rule) => {
    const end = finish.get(rule.id) ?? 0
    const slack = tidy((latest.get(rule.id) ?? end) - end)
    const inPath = before.size === 0 || before.has(rule.id)
    const start = tidy(end - rule.hours)
    return {
      ...rule,
      start,
      finish: tidy(end),
      slack,
      critical: inPath && slack === 0,
      layer: layer.get(rule.id) ?? 0,
    }
  })
  return { tasks, hours: tidy(total), critical: tasks.filter(({ critical }) => critical).map(({ id }) => id) }
}

const tidy = (hours: number): number => Math.round(hours * 1000) / 1000

const check = (rules: readonly TaskRule[], byId: ReadonlyMap<string, TaskRule>): void => {
  if (byId.size !== rules.length) {
    const twice = rules.find((rule) => byId.get(rule.id) !== rule)
    throw new ConfigurationError(`two tasks are called "${twice?.id}"; give each its own id`)
  }
  for (const { id, after, hours } of rules) {
    const unknown = after.find((each) => !byId.has(each))
    if (unknown !== undefined)
      throw new ConfigurationError(`task "${id}" waits for "${unknown}", which is no task`)
    if (!(hours >= 0 && Number.isFinite(hours)))
      throw new ConfigurationError(`task "${id}" has no length in hours: write 0 or more`)
  }
}

/** Dependencies first, else the given order. */
const inOrder = (rules: readonly TaskRule[], byId: ReadonlyMap<string, TaskRule>): TaskRule[] => {
  const done = new Set<string>()
  const order: TaskRule[] = []
  const visit = (rule: TaskRule, trail: readonly string[]): void => {
    if (done.has(rule.id)) return
    const again = trail.indexOf(rule.id)
    if (again >= 0)
      throw new ConfigurationError(
        `tasks wait for each other: ${[...trail.slice(again), rule.id].join(' → ')}`,
      )
    for (const each of rule.after) visit(byId.get(each) as TaskRule, [...trail, rule.id])
    done.add(rule.id)
    order.push(rule)
  }
  for (const rule of rules) visit(rule, [])
  return order
}

const needed = (id: string, byId: ReadonlyMap<string, TaskRule>): Set<string> => {
  const found = new Set<string>()
  const visit = (each: string): void => {
    if (found.has(each) || !byId.has(each)) return
    found.add(each)
    for (const before of byId.get(each)?.after ?? []) visit(before)
  }
  visit(id)
  return found
}
