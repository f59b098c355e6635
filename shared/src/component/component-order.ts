import type { ComponentsPolicy } from '../config/components-policy.ts'
import { ConfigurationError } from '../config/configuration-error.ts'
import type { Component } from '../dependency/component.ts'
import { cyclesOf } from '../dependency/cycle.ts'
import { cycleWords, deployLayers } from '../dependency/deploy-order.ts'

const asComponents = (components: ComponentsPolicy): Component[] =>
  Object.entries(components).map(([name, { 'depends-on': needs }]) => ({
    name,
    team: '',
    version: null,
    previous: null,
    needs: needs.map((component) => ({ component, range: null })),
    external: [],
    blocked: null,
  }))

/**
 * The components in the order in which they are released, in layers: what a component is built from is in an earlier one.
 *
 * @throws ConfigurationError that names the circle where there is no such order
 */
export const componentLayers = (components: ComponentsPolicy): string[][] => {
  const all = asComponents(components)
  const [cycle] = cyclesOf(all)
  if (cycle) throw new ConfigurationError(`components: ${cycleWords(cycle)} (depends-on)`)
  return deployLayers(all)
}

/** A component and everything that it is built from, however far. */
export const builtFrom = (components: ComponentsPolicy, name: string): Set<string> => {
  const found = new Set([name])
  for (const each of found)
    for (const need of Object.hasOwn(components, each) ? (components[each]?.['depends-on'] ?? []) : [])
      found.add(need)
  return found
}

/** The components that share a version with this one, itself included, in the order they are written. */
export const groupOf = (components: ComponentsPolicy, name: string): string[] => {
  const group = components[name]?.group
  if (group === undefined) return [name]
  return Object.keys(components).filter((other) => components[other]?.group === group)
}
