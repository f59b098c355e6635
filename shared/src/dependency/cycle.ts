import { byName, type Component, neededHere } from './component.ts'

/**
 * A shortest way round for each knot of components that need each other, as names with the first one repeated at the end
 * (`a`, `b`, `a`: a needs b, b needs a). Empty when there is none. No two of them share a component.
 */
export const cyclesOf = (components: readonly Component[]): string[][] => {
  const known = byName(components)
  const cycles: string[][] = []
  const used = new Set<string>()
  for (const { name } of tangled(components, known)) {
    if (used.has(name)) continue
    const round = wayBack(name, known, used)
    if (!round) continue
    cycles.push(round)
    for (const each of round) used.add(each)
  }
  return cycles
}

/** What is left when everything that needs nothing (left) is taken away, again and again. */
const tangled = (components: readonly Component[], known: ReadonlyMap<string, Component>): Component[] => {
  const open = new Map(components.map((each) => [each.name, neededHere(each, known).length]))
  const dependents = new Map<string, string[]>()
  for (const each of components)
    for (const { name } of neededHere(each, known))
      dependents.set(name, [...(dependents.get(name) ?? []), each.name])
  const free = components.filter(({ name }) => open.get(name) === 0).map(({ name }) => name)
  for (let name = free.pop(); name !== undefined; name = free.pop()) {
    open.delete(name)
    for (const dependent of dependents.get(name) ?? []) {
      const left = (open.get(dependent) ?? 0) - 1
      open.set(dependent, left)
      if (left === 0) free.push(dependent)
    }
  }
  return components.filter(({ name }) => open.has(name))
}

/** Breadth first from `start` over what each needs, until `start` is needed again. */
const wayBack = (
  start: string,
  known: ReadonlyMap<string, Component>,
  used: ReadonlySet<string>,
): string[] | undefined => {
  const from = new Map<string, string>()
  const queue = [start]
  for (const name of queue) {
    const component = known.get(name)
    if (!component) continue
    for (const { name: next } of neededHere(component, known)) {
      if (next === start) return [...trail(name, from), start]
      if (from.has(next) || used.has(next)) continue
      from.set(next, name)
      queue.push(next)
    }
  }
  return undefined
}

const trail = (end: string, from: ReadonlyMap<string, string>): string[] => {
  const way: string[] = []
  for (let at: string | undefined = end; at !== undefined; at = from.get(at)) way.push(at)
  return way.reverse()
}
