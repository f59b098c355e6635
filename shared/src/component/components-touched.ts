import type { ComponentsPolicy } from '../config/components-policy.ts'
import { fits, readGlob } from '../text/glob.ts'

type Touching = { paths: readonly string[] | null; area: string | null }

/**
 * The components that a change belongs to, in the order they are written. Each file belongs to the component whose path
 * is the longest that holds it (several, where it is theirs alike). A change that touches no component at all, or whose
 * files are not known, belongs to the one that its Conventional Commits scope names; else, where it touches a shared
 * file, to all; else to none.
 */
export const componentsTouched = (
  components: ComponentsPolicy,
  shared: readonly string[],
): ((change: Touching) => string[]) => {
  const names = Object.keys(components)
  const owners = new Map<string, string[]>()
  for (const name of names)
    for (const path of [components[name]?.path ?? []].flat()) {
      const bare = normal(path)
      owners.set(bare, [...(owners.get(bare) ?? []), name])
    }
  const globs = shared.flatMap(readGlob)
  const ownersOf = (path: string): string[] => {
    for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
      const found = owners.get(at)
      if (found) return found
    }
    return owners.get('') ?? []
  }
  return ({ paths, area }) => {
    const touched = new Set((paths ?? []).flatMap(ownersOf))
    if (touched.size > 0) return names.filter((name) => touched.has(name))
    const named = area === null ? undefined : names.find((name) => name.toLowerCase() === area.toLowerCase())
    if (named !== undefined) return [named]
    const everywhere = (paths ?? []).some((path) => globs.some((glob) => fits(glob, path.split('/'))))
    return everywhere ? names : []
  }
}

const normal = (path: string): string => {
  const bare = path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '')
  return bare === '.' ? '' : bare
}
