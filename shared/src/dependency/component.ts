/** A component that another needs; `range` is the semver range that it must have, null when any version will do. */
export type Need = { component: string; range: string | null }

/** One component of a release, as the dependency rules see it. Names are unique. */
export type Component = {
  name: string
  team: string
  /** What it will be; null when the version is not known. */
  version: string | null
  /** What runs now, before the release; null when nothing does or it is not known. */
  previous: string | null
  needs: readonly Need[]
  /** Systems of others that it calls. */
  external: readonly string[]
  /** Why it cannot ship now; null when nothing holds it. */
  blocked: string | null
}

/** Components by their name. */
export const byName = (components: readonly Component[]): Map<string, Component> =>
  new Map(components.map((component) => [component.name, component]))

/** The components of this release that `component` needs, each once, in the order they are written. */
export const neededHere = (component: Component, known: ReadonlyMap<string, Component>): Component[] => [
  ...new Set(component.needs.flatMap((need) => known.get(need.component) ?? [])),
]
