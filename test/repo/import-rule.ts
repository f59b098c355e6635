import { posix } from 'node:path'
import type { Import } from './syntax.ts'

/** Pure libraries: no clock, no network, no file. Everything else a concept needs comes in as an argument. */
const pure = new Set([
  'zod',
  'semver',
  'yaml',
  'markdown-table',
  'marked',
  'ical.js',
  'ignore',
  'temporal-polyfill',
])

const notConcepts = new Set(['ports', 'adapters', 'runtime'])

/** `shared/src/<folder>` for a file of the core, else its first folder. */
export function roomOf(path: string): string {
  const [top = '', , folder = ''] = path.split('/')
  return top === 'shared' ? folder : top
}

export const isConcept = (path: string): boolean =>
  path.startsWith('shared/src/') && !notConcepts.has(roomOf(path))

/** The file an import means, as a path from the root, or undefined for a package or a node module. */
export function target(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('@relman/core/')) {
    return `shared/src/${specifier.slice('@relman/core/'.length)}.ts`
  }
  if (specifier === '@relman/core') return 'shared/src/risk/change-score.ts'
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined
}

/** Why `path` may not import this; empty when it may. */
export function faultsOf(path: string, wanted: Import): string[] {
  const file = target(path, wanted.from)
  const top = path.split('/')[0] ?? ''
  const faults: string[] = []
  const fault = (why: string): number => faults.push(`${path} imports ${wanted.from}: ${why}`)

  if (file === undefined) {
    if (isConcept(path) && !isPure(wanted.from)) fault('a concept imports concepts and pure libraries only')
    if (roomOf(path) === 'ports' && !wanted.typeOnly) fault('a port imports types only')
    return faults
  }
  const there = file.split('/')[0] ?? ''
  if (wanted.from.startsWith('.') && there !== top && !crosses(path, there)) {
    fault(`${top} reaches the core as @relman/core/..., and nothing else by a path`)
  }
  if (top === 'rehearsal' && there !== 'rehearsal') fault('rehearsal reaches the product through dist only')
  if (there === 'actions' && top !== 'actions' && !crosses(path, there)) fault('nothing imports actions')
  if (top === 'actions' && there === 'actions' && !sameAction(path, file))
    fault('an action imports no other action')
  if (top === 'actions' && roomOf(file) === 'adapters' && !path.endsWith('/main.ts')) {
    fault('only main.ts opens adapters')
  }
  if (isConcept(path) && !isConcept(file)) fault('a concept imports concepts and pure libraries only')
  if (roomOf(path) === 'ports' && (!wanted.typeOnly || !(isConcept(file) || roomOf(file) === 'ports'))) {
    fault('a port imports types of concepts only')
  }
  if (roomOf(path) === 'adapters' && roomOf(file) === 'runtime' && !wanted.typeOnly) {
    fault('an adapter takes types at most from the runtime')
  }
  return faults
}

const isPure = (specifier: string): boolean => {
  const [scope = '', name = ''] = specifier.split('/')
  return pure.has(scope.startsWith('@') ? `${scope}/${name}` : scope)
}

/** The two seams: the dispatcher loads the command line, scripts read the dispatcher. Tests reach all. */
const crosses = (path: string, there: string): boolean =>
  path.startsWith('test/') ||
  (path === 'actions/dispatch.ts' && there === 'cli') ||
  (path.startsWith('scripts/') && there === 'actions')

const sameAction = (path: string, file: string): boolean =>
  path === 'actions/dispatch.ts' || path.split('/')[1] === file.split('/')[1]

/** A way round from a room back to itself, or undefined. `edges` maps a room to the rooms it imports. */
export function cycle(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>()
  const walk = (room: string, way: string[]): string[] | undefined => {
    if (way.includes(room)) return [...way.slice(way.indexOf(room)), room]
    if (done.has(room)) return undefined
    for (const next of edges.get(room) ?? []) {
      const round = walk(next, [...way, room])
      if (round) return round
    }
    done.add(room)
    return undefined
  }
  for (const room of edges.keys()) {
    const round = walk(room, [])
    if (round) return round
  }
  return undefined
}
