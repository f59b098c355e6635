import { fits, type Glob, readGlob } from '../text/glob.ts'
import { cut } from '../text/visible.ts'

/** Who owns each path; `skipped` are the lines of the file that are not valid, from 1. */
export type CodeOwners = { ownersOf(path: string): string[]; skipped: number[] }

/** Where GitHub looks, the first that exists counts. */
export const codeOwnersPlaces = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const

/** GitHub does not load a file of this many bytes or more. */
export const codeOwnersLimit = 3_000_000

const user = /^@[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})$/
const team = /^@[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})\/[A-Za-z0-9_.-]{1,100}$/
const address = /^[^\s@<>()]{1,100}@[A-Za-z0-9.-]{1,200}$/

/**
 * Reads a CODEOWNERS file by GitHub's rules: the patterns of gitignore without negation, ranges and `\#`; the last
 * match wins; a line without owners takes the ownership away; a line that is not valid is skipped. Sections are
 * GitLab's and not valid here. Paths are case-sensitive and without a leading slash.
 */
export const readCodeOwners = (text: string): CodeOwners => {
  const skipped: number[] = []
  const rules: Rule[] = []
  text
    .slice(0, codeOwnersLimit)
    .split(/\r?\n/)
    .forEach((line, index) => {
      const [pattern = '', ...owners] = wordsOf(line.replace(/^\ufeff/, ''))
      if (pattern === '') return
      const globs = globsOf(pattern)
      const valid = owners.every((owner) => user.test(owner) || team.test(owner) || address.test(owner))
      if (globs === null || !valid) skipped.push(index + 1)
      else rules.push({ globs, owners, line: index })
    })
  const known = new Map<string, string[]>()
  const find = lastMatch(rules)
  return {
    skipped,
    ownersOf: (path) => {
      const owners = known.get(path) ?? (path.length > 4_096 ? [] : find(path))
      known.set(path, owners)
      return owners
    },
  }
}

type Rule = { globs: Glob[]; owners: string[]; line: number }

/** Thousands of rules and paths meet: a rule that begins with the names of folders is asked only for what is in them. */
const lastMatch = (rules: readonly Rule[]): ((path: string) => string[]) => {
  const within = new Map<string, Rule[]>()
  for (const rule of [...rules].reverse()) {
    const place = placeOf(rule.globs[0] ?? [])
    const others = within.get(place)
    if (others) others.push(rule)
    else within.set(place, [rule])
  }
  return (path) => {
    const parts = path.split('/')
    const matches = ({ globs }: Rule) => globs.some((glob) => fits(glob, parts))
    let last = within.get('')?.find(matches)
    parts.forEach((_, index) => {
      const rule = within.get(parts.slice(0, index + 1).join('/'))?.find(matches)
      if (rule && (!last || rule.line > last.line)) last = rule
    })
    return last?.owners ?? []
  }
}

/** The names that a glob begins with. */
const placeOf = (glob: Glob): string => {
  const names: string[] = []
  for (const segment of glob) {
    if (typeof segment !== 'object' || !('literal' in segment)) break
    names.push(segment.literal)
  }
  return names.join('/')
}

/** The owners of these paths, who owns the most of them first; at most 20. */
export const ownersOfPaths = ({ ownersOf }: CodeOwners, paths: readonly string[]): string[] => {
  const counts = new Map<string, number>()
  for (const path of paths)
    for (const owner of ownersOf(path)) counts.set(owner, (counts.get(owner) ?? 0) + 1)
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 20)
    .map(([owner]) => cut(owner, 200))
}

/** The words of a line up to a comment; `\ ` is a space that does not part words. */
const wordsOf = (line: string): string[] => {
  const words = [...line.trim().matchAll(/(?:\\.|[^\s\\])+/g)].map(([word]) => word)
  const comment = words.findIndex((word) => word.startsWith('#'))
  return comment < 0 ? words : words.slice(0, comment)
}

/** What a pattern matches; null when it is not one of GitHub's. */
const globsOf = (pattern: string): Glob[] | null => {
  if (/^!|(?:^|[^\\])[[\]]|^\\#|\\$/.test(pattern) || pattern.length > 1_000 || pattern === '/') return null
  const folder = pattern.endsWith('/')
  const bare = pattern.replace(/^\//, '').replace(/\/$/, '').replace(/\{/g, '\\{')
  if (bare === '' || bare.includes('//')) return null
  const anchored = pattern.startsWith('/') || bare.includes('/')
  const from = anchored ? bare : `**/${bare}`
  // `docs/*` is the files of docs, not those of the folders in it; any other pattern also takes what is below a folder.
  const only = !folder && (bare === '*' ? anchored : bare.endsWith('/*'))
  return [...(folder ? [] : [from]), ...(only ? [] : [`${from}/**/*`])].flatMap((glob) => readGlob(glob))
}
