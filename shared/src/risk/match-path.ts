import { fits, type Glob, readGlob } from '../text/glob.ts'

/**
 * A matcher for a few globs over paths as git writes them (with `/`). Any folder
 * of a name and any file of a name or an ending, the most of what is asked, are looked up instead of tried one by one.
 */
export const matchPath = (globs: readonly string[]): ((path: string) => boolean) => {
  const folders = new Set<string>()
  const names = new Set<string>()
  const endings: string[] = []
  const others: Glob[] = []
  for (const glob of globs.flatMap(readGlob)) {
    const [first, second, third] = glob
    const name = typeof second === 'object' && 'literal' in second ? second.literal : null
    const ending = first === 'folders' && glob.length === 2 ? endingOf(second) : null
    if (ending !== null) endings.push(ending)
    else if (first !== 'folders' || name === null || glob.length > 3) others.push(glob)
    else if (glob.length === 2) names.add(name)
    else if (third === 'folders') folders.add(name)
    else others.push(glob)
  }
  return (path) => {
    if (path.length > 4_096) return false
    const parts = path.split('/')
    const last = parts.at(-1) ?? ''
    return (
      names.has(last) ||
      endings.some((ending) => last.endsWith(ending)) ||
      (folders.size > 0 && parts.some((part) => folders.has(part))) ||
      others.some((glob) => fits(glob, parts))
    )
  }
}

/** `.md` of `*.md`; null for anything but a star and letters after it. */
const endingOf = (segment: Glob[number] | undefined): string | null => {
  if (typeof segment !== 'object' || 'literal' in segment) return null
  const [star, ...letters] = segment.tokens
  if (typeof star !== 'object' || !('any' in star) || star.any !== 'many') return null
  return letters.every((letter) => typeof letter === 'string') ? letters.join('') : null
}
