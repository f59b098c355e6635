/** Finds the operation that a path names. */

import { type Operation, operations } from './schema/operations.ts'

export type Match = { operation: Operation; key: string; params: Record<string, string> }

/** Parameters that may hold slashes, sent raw or as %2F. */
const wide = new Set(['ref', 'path', 'basehead', 'branch', 'tag', 'environment_name', 'sha'])

function pattern({ path }: Operation): RegExp {
  const source = path
    .replace(/\/\{path\}$/, '/?{path}') // the root folder has no path
    .replace(/\{(\w+)\}/g, (_, name: string) => {
      if (name === 'path') return `(?<${name}>.*)`
      return `(?<${name}>${wide.has(name) ? '.+' : '[^/]+'})`
    })
  return new RegExp(`^${source}$`)
}

const parameters = (path: string): number => path.split('{').length

/** Literal paths before those with parameters, longer ones before shorter. */
const ordered = [...operations]
  .sort((a, b) => parameters(a.path) - parameters(b.path) || b.path.length - a.path.length)
  .map((operation) => ({ operation, pattern: pattern(operation) }))

/** `path` is what follows `/repos/{owner}/{repo}`, as sent. Undefined where no operation is known. */
export function match(method: string, path: string): Match | undefined {
  for (const { operation, pattern: expression } of ordered) {
    if (operation.method !== method.toLowerCase()) continue
    const groups = expression.exec(path)
    if (!groups) continue
    const params: Record<string, string> = {}
    for (const [name, value] of Object.entries(groups.groups ?? {})) params[name] = decode(value)
    return { operation, key: `${operation.method} ${operation.path}`, params }
  }
  return undefined
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
