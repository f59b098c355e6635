import type { Manifest, Part } from './manifest.ts'

/** What a team has said about the present revision. `revision` is the one it confirmed last, null: none. */
export type Confirmation = {
  team: string
  state: 'confirmed' | 'stale' | 'missing'
  by: string | null
  revision: number | null
  /** Its components that still lack the confirmation. */
  open: string[]
}

/**
 * Row P8: each team of the parts that ship, in the order they are written. A team has confirmed when it did so as a whole
 * (`teams`) or for each of its parts, at the present revision; an earlier revision is stale.
 */
export const confirmations = (manifest: Manifest, parts: readonly Part[]): Confirmation[] =>
  [...new Set(parts.map(({ team }) => team))].map((team) => {
    const own = parts.filter((part) => part.team === team)
    const whole = Object.hasOwn(manifest.teams ?? {}, team) ? manifest.teams?.[team]?.confirmed : undefined
    const present = whole?.revision === manifest.revision
    const open = present ? [] : own.filter(({ confirmed }) => confirmed?.revision !== manifest.revision)
    const given = [whole, ...own.map(({ confirmed }) => confirmed)].filter((each) => each !== undefined)
    const last = given.toSorted((a, b) => b.revision - a.revision)[0]
    return {
      team,
      state: open.length === 0 ? 'confirmed' : last ? 'stale' : 'missing',
      by: last?.by ?? null,
      revision: last?.revision ?? null,
      open: open.map(({ component }) => component),
    }
  })
