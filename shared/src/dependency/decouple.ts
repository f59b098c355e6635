import { cut } from '../text/visible.ts'
import { meets } from './compatibility.ts'
import { byName, type Component, neededHere } from './component.ts'
import { deployLayers } from './deploy-order.ts'

/** A component that does not ship in this release, and every reason why. */
export type Deferred = { component: string; team: string; why: string[] }

/**
 * Row P7: ships what is ready. A component is deferred when it or its team is blocked, or when it needs a deferred one;
 * a need with a range that the version running now (`previous`) meets does not defer it. Both lists keep the order in
 * which the components are written.
 *
 * @param blockedTeams team to the reason
 */
export const decouple = (
  components: readonly Component[],
  blockedTeams: Readonly<Record<string, string>> = {},
): { ship: Component[]; deferred: Deferred[] } => {
  const known = byName(components)
  const reasons = new Map<string, string[]>()
  for (const name of deployLayers(components).flat()) {
    const component = known.get(name)
    if (!component) continue
    const why = [
      ...(component.blocked === null ? [] : [cut(component.blocked, 200)]),
      ...(Object.hasOwn(blockedTeams, component.team)
        ? [`team ${cut(component.team, 80)} is blocked: ${cut(blockedTeams[component.team] ?? '', 200)}`]
        : []),
      ...neededHere(component, known)
        .filter((needed) => reasons.has(needed.name) && !runsOn(component, needed))
        .map(({ name: needed }) => `needs ${cut(needed, 80)}, which is deferred`),
    ]
    if (why.length > 0) reasons.set(name, why)
  }
  return {
    ship: components.filter(({ name }) => !reasons.has(name)),
    deferred: components.flatMap(({ name, team }) => {
      const why = reasons.get(name)
      return why ? [{ component: name, team, why }] : []
    }),
  }
}

/** Whether `component` says by a range that the version of `needed` that runs now is enough. */
const runsOn = (component: Component, needed: Component): boolean =>
  component.needs
    .filter((need) => need.component === needed.name)
    .every(({ range }) => range !== null && needed.previous !== null && meets(needed.previous, range))
