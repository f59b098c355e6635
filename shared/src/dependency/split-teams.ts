import { cut } from '../text/visible.ts'
import { byName, type Component, neededHere } from './component.ts'
import { deployLayers } from './deploy-order.ts'

/** One dependency between components of two teams. */
export type CrossTeam = { from: string; to: string; teams: [string, string] }

/** One release of a proposed split. What it needs of the others is live before it starts. */
export type SmallerRelease = { components: string[]; teams: string[]; after: number[]; crossTeam: number }

/** Row P7: more than this many dependencies between teams in one release ask for a split. */
export const crossTeamLimit = 3

/** Every dependency of this release that joins two teams, each once, in the order they are written. */
export const crossTeamDependencies = (components: readonly Component[]): CrossTeam[] => {
  const known = byName(components)
  return components.flatMap((component) =>
    neededHere(component, known)
      .filter(({ team }) => team !== component.team)
      .map(
        (needed): CrossTeam => ({
          from: component.name,
          to: needed.name,
          teams: [component.team, needed.team],
        }),
      ),
  )
}

/**
 * Row P7: with more than `limit` dependencies between teams, the releases that could ship one after the other instead,
 * each with at most `limit` of them inside; null when one release is fine. Components are taken in an order of deployment
 * that stays with one team while it can, so that every need points to the same or an earlier release.
 *
 * @throws ConfigurationError that names the cycle when components need each other
 */
export const splitByTeams = (
  components: readonly Component[],
  limit = crossTeamLimit,
): { why: string; releases: SmallerRelease[] } | null => {
  const crossing = crossTeamDependencies(components)
  if (crossing.length <= limit) return null
  deployLayers(components)
  const known = byName(components)
  const releases: Component[][] = []
  const releaseOf = new Map<string, number>()
  let inside = 0
  for (const component of teamByTeam(components, known)) {
    const added = neededHere(component, known).filter(
      ({ name, team }) => team !== component.team && releaseOf.get(name) === releases.length - 1,
    ).length
    const last = releases.at(-1)
    if (last && inside + added <= limit) {
      last.push(component)
      inside += added
    } else {
      releases.push([component])
      inside = 0
    }
    releaseOf.set(component.name, releases.length - 1)
  }
  const pairs = [...new Set(crossing.map(({ teams }) => teams.map((team) => cut(team, 80)).join(' on ')))]
  return {
    why: `${crossing.length} dependencies between teams (${pairs.slice(0, 5).join(', ')}${pairs.length > 5 ? ', …' : ''}), more than ${limit}: one late team would hold all of them`,
    releases: releases.map((release, index) => ({
      components: release.map(({ name }) => name),
      teams: [...new Set(release.map(({ team }) => team))],
      after: [
        ...new Set(
          release.flatMap((each) =>
            neededHere(each, known).map(({ name }) => (releaseOf.get(name) ?? index) + 1),
          ),
        ),
      ]
        .filter((number) => number !== index + 1)
        .sort((a, b) => a - b),
      crossTeam: crossing.filter(
        ({ from, to }) => releaseOf.get(from) === index && releaseOf.get(to) === index,
      ).length,
    })),
  }
}

/** An order of deployment that changes the team only when nothing of it is ready. */
const teamByTeam = (components: readonly Component[], known: ReadonlyMap<string, Component>): Component[] => {
  const done = new Set<string>()
  const order: Component[] = []
  const rest = [...components]
  while (rest.length > 0) {
    const ready = rest.filter((each) => neededHere(each, known).every(({ name }) => done.has(name)))
    const next = ready.find(({ team }) => team === order.at(-1)?.team) ?? ready[0]
    if (!next) return [...order, ...rest]
    order.push(next)
    done.add(next.name)
    rest.splice(rest.indexOf(next), 1)
  }
  return order
}
