import { ConfigurationError } from '../config/configuration-error.ts'
import { cut } from '../text/visible.ts'
import { byName, type Component, neededHere } from './component.ts'
import { cyclesOf } from './cycle.ts'

/**
 * Row P7: the order of deployment in layers. Whatever a component needs is in an earlier layer; the components of one
 * layer do not need each other and keep the order in which they are written.
 *
 * @throws ConfigurationError that names the cycle when components need each other
 */
export const deployLayers = (components: readonly Component[]): string[][] => {
  const cycles = cyclesOf(components)
  if (cycles.length > 0) throw new ConfigurationError(cycles.map(cycleWords).join('\n'))
  const known = byName(components)
  const layer = new Map<string, number>()
  // Deep chains must not overflow the stack: an explicit one, each component entered again after what it needs.
  for (const start of components) {
    const stack = [start]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const needed = neededHere(top, known)
      const missing = needed.filter(({ name }) => !layer.has(name))
      if (missing.length > 0) {
        stack.push(...missing)
        continue
      }
      layer.set(top.name, Math.max(-1, ...needed.map(({ name }) => layer.get(name) ?? 0)) + 1)
      stack.pop()
    }
  }
  const layers: string[][] = []
  for (const { name } of components) {
    const depth = layer.get(name) ?? 0
    layers[depth] = [...(layers[depth] ?? []), name]
  }
  return layers
}

/** The sequence of the way back: the exact reverse of the order of deployment. */
export const rollbackLayers = (layers: readonly (readonly string[])[]): string[][] =>
  layers.map((layer) => [...layer].reverse()).reverse()

/** A cycle in words, with the fix. */
export const cycleWords = (cycle: readonly string[]): string =>
  `components need each other in a circle: ${cycle.map((name) => cut(name, 80)).join(' → ')}; no order of deployment exists until one of these needs is taken out`
