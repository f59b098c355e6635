import { fits, type Glob, readGlob } from '../text/glob.ts'

/**
 * A matcher for a few globs over paths as git writes them (with `/`). Any folder
 * of a name and any file of a name, the most of what is asked, are looked up instead of tried one by one.
 */
export const matchPath = (globs: readonly string[]): ((path: string) => boolean) => {
  const folders = new Set<string>()
  const names = new Set<string>()
  const others: Glob[] = []
  for (const glob of globs.flatMap(readGlob)) {
    const [first, second, third] = glob
    const name = typeof second === 'object' && 'literal' in second ? second.literal : null
    if (first !== 'folders' || name === null || glob.length > 3) others.push(glob)
    else if (glob.length === 2) names.add(name)
    else if (third === 'folders') folders.add(name)
    else others.push(glob)
  }
  return (path) => {
    if (path.length > 4_096) return false
    const parts = path.split('/')
    return (
      names.has(parts.at(-1) ?? '') ||
      (folders.size > 0 && parts.some((part) => folders.has(part))) ||
      others.some((glob) => fits(glob, parts))
    )
  }
}
