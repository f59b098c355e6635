import { diagramLabel } from '../text/diagram-label.ts'
import type { Component } from './component.ts'

/**
 * Row P7: components by team, what they need, and external systems, as a Mermaid flowchart in a fenced block. Arrows point
 * from what is deployed first to what needs it. Deferred components have a broken border. Every name is inert: nodes are
 * numbered, labels hold plain characters only.
 */
export const drawGraph = (
  components: readonly Component[],
  deferred: ReadonlySet<string> = new Set(),
): string => {
  const ids = new Map(components.map(({ name }, index) => [name, `c${index}`]))
  const outside = [
    ...new Set(
      components.flatMap(({ needs }) =>
        needs.map(({ component }) => component).filter((name) => !ids.has(name)),
      ),
    ),
  ]
  const systems = [...new Set(components.flatMap(({ external }) => external))]
  const teams = [...new Set(components.map(({ team }) => team))]
  const node = ({ name, version }: Component): string =>
    `${ids.get(name)}["${diagramLabel(name)}${version === null ? '' : `<br/>${diagramLabel(version)}`}"]`
  const edges = components.flatMap(({ name, needs, external }) => [
    ...needs.map(({ component, range }) => {
      const from = ids.get(component) ?? `o${outside.indexOf(component)}`
      return `  ${from} -->${range === null ? '' : `|"${diagramRange(range)}"|`} ${ids.get(name)}`
    }),
    ...external.map((system) => `  s${systems.indexOf(system)} -.-> ${ids.get(name)}`),
  ])
  const held = components.filter(({ name }) => deferred.has(name)).map(({ name }) => ids.get(name))
  return [
    '```mermaid',
    'flowchart LR',
    ...teams.flatMap((team, index) => [
      `  subgraph t${index}["${diagramLabel(team)}"]`,
      ...components.filter((each) => each.team === team).map((each) => `    ${node(each)}`),
      '  end',
    ]),
    ...outside.map((name, index) => `  o${index}["${diagramLabel(name)}<br/>installed"]`),
    ...systems.map((name, index) => `  s${index}(["${diagramLabel(name)}"])`),
    ...edges,
    ...(held.length === 0
      ? []
      : ['  classDef deferred stroke-dasharray: 5 5', `  class ${held.join(',')} deferred`]),
    '```',
  ].join('\n')
}

/** A semver range in words: its signs would mean something to Mermaid. */
const diagramRange = (range: string): string =>
  diagramLabel(
    range
      .replaceAll('>=', 'from ')
      .replaceAll('<=', 'up to ')
      .replaceAll('<', 'below ')
      .replaceAll('>', 'above ')
      .replaceAll('||', ' or ')
      .replaceAll('^', 'compatible with ')
      .replaceAll('~', 'about '),
  )
