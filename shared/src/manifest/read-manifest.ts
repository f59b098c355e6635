import { type Fault, listed } from '../config/fault.ts'
import { nearest } from '../config/nearest.ts'
import { readYaml, type Written } from '../config/read-yaml.ts'
import { cyclesOf } from '../dependency/cycle.ts'
import { cycleWords } from '../dependency/deploy-order.ts'
import { cut } from '../text/visible.ts'
import { instantOf } from './checkpoint.ts'
import { type Manifest, manifest } from './manifest.ts'
import { componentsOf } from './manifest-components.ts'

/**
 * Row P8: reads `release-manifest.yml`. Beyond its form, every name must lead somewhere: needs to a component of the
 * release or an installed one, teams and external systems to the lists of them when they are written; no component twice,
 * no circle, no confirmation of a revision that does not exist.
 *
 * @throws ConfigurationError with every fault as `file:line:column: what is wrong and what to write`
 */
export const readManifest = (text: string, file: string): Manifest => {
  const written = readYaml(text, file, manifest)
  const faults = [
    ...twice(written),
    ...unknownNames(written),
    ...early(written),
    ...checkpointFaults(written),
  ]
  if (faults.length > 0) throw listed(faults)
  const circles = circleFaults(written)
  if (circles.length > 0) throw listed(circles)
  return written.value
}

const twice = ({ value, placeOf }: Written<Manifest>): Fault[] => {
  const seen = new Set<string>()
  return value.components.flatMap(({ component }, index) => {
    const fault = seen.has(component) || Object.hasOwn(value.installed, component)
    const where = seen.has(component) ? 'is written twice' : 'is also under installed'
    seen.add(component)
    return fault
      ? [
          {
            place: placeOf(['components', index, 'component']),
            message: `component ${quoted(component)} ${where}; write it once`,
          },
        ]
      : []
  })
}

const unknownNames = ({ value, placeOf }: Written<Manifest>): Fault[] => {
  const components = [...value.components.map(({ component }) => component), ...Object.keys(value.installed)]
  const teams = value.teams && Object.keys(value.teams)
  const systems = value.systems && Object.keys(value.systems)
  const check = (
    kind: string,
    name: string,
    known: readonly string[] | undefined,
    path: PropertyKey[],
  ): Fault[] => {
    if (!known || known.includes(name)) return []
    const guess = nearest(name, known)
    const hint =
      guess === undefined
        ? `known: ${cut(known.slice(0, 20).join(', '), 300) || 'none'}`
        : `did you mean ${quoted(guess)}?`
    return [{ place: placeOf(path), message: `there is no ${kind} ${quoted(name)}; ${hint}` }]
  }
  const members = new Set(value.components.map(({ team }) => team))
  return [
    ...value.components.flatMap(({ team, needs, external }, index) => [
      ...check('team', team, teams, ['components', index, 'team']),
      ...needs.flatMap((need, at) =>
        check('component', need.component, components, ['components', index, 'needs', at]),
      ),
      ...external.flatMap((name, at) =>
        check('external system', name, systems, ['components', index, 'external', at]),
      ),
    ]),
    ...(teams ?? [])
      .filter((team) => !members.has(team))
      .map((team) => ({
        place: placeOf(['teams'], team),
        message: `team ${quoted(team)} has no component in this release; take it out or add its component`,
      })),
  ]
}

/** A confirmation of a revision that is not there yet would let a later change pass unseen. */
const early = ({ value, placeOf }: Written<Manifest>): Fault[] => {
  const all = [
    ...value.components.map(({ confirmed }, index) => ({ confirmed, path: ['components', index] })),
    ...Object.entries(value.teams ?? {}).map(([team, { confirmed }]) => ({
      confirmed,
      path: ['teams', team],
    })),
  ]
  return all.flatMap(({ confirmed, path }) =>
    confirmed && confirmed.revision > value.revision
      ? [
          {
            place: placeOf([...path, 'confirmed', 'revision']),
            message: `confirms revision ${confirmed.revision}, but the manifest is at revision ${value.revision}`,
          },
        ]
      : [],
  )
}

const checkpointFaults = ({ value: { checkpoint }, placeOf }: Written<Manifest>): Fault[] => {
  if (checkpoint === undefined) return []
  const at = typeof checkpoint === 'string' ? checkpoint : checkpoint.at
  if (instantOf(at) !== null) return []
  return [
    {
      place: placeOf(typeof checkpoint === 'string' ? ['checkpoint'] : ['checkpoint', 'at']),
      message: `checkpoint: write a time with its offset such as 2026-11-20T14:00:00Z, not ${quoted(at)}`,
    },
  ]
}

const circleFaults = ({ value, placeOf }: Written<Manifest>): Fault[] =>
  cyclesOf(componentsOf(value)).map((cycle) => {
    const index = value.components.findIndex(({ component }) => component === cycle[0])
    const at = value.components[index]?.needs.findIndex(({ component }) => component === cycle[1]) ?? 0
    return { place: placeOf(['components', index, 'needs', at]), message: cycleWords(cycle) }
  })

const quoted = (name: string): string => JSON.stringify(cut(name, 80))
