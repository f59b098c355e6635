import type { Component } from '../dependency/component.ts'
import type { Manifest } from './manifest.ts'

/** The components of a manifest as the dependency rules see them. */
export const componentsOf = (manifest: Manifest): Component[] =>
  manifest.components.map((part) => ({
    name: part.component,
    team: part.team,
    version: part.version ?? null,
    previous: part.previous ?? null,
    needs: part.needs.map(({ component, version }) => ({ component, range: version ?? null })),
    external: part.external,
    blocked: part.blocked ?? null,
  }))

/** The teams that say they are blocked, and why. */
export const blockedTeams = ({ teams = {} }: Manifest): Record<string, string> =>
  Object.fromEntries(
    Object.entries(teams).flatMap(([team, { blocked }]) => (blocked === undefined ? [] : [[team, blocked]])),
  )
