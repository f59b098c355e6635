/** More alternatives than a person writes with braces. */
export const mostAlternatives = 256

type Token = string | { any: 'many' | 'one' } | { set: readonly [from: string, to: string][]; not: boolean }
type Segment = { literal: string } | { tokens: readonly Token[] } | 'folders'

/** A glob without braces: its parts between slashes. */
export type Glob = readonly Segment[]

/**
 * Reads a glob: `*` and `?` within a name, `**` for any folders, `[a-z]`, `[!a]`, `{a,b}` also nested; `\` before a
 * character takes it as it is. Braces are written out, at most `mostAlternatives` times.
 *
 * @throws RangeError when braces stand for more than that
 */
export const readGlob = (glob: string): Glob[] => {
  const plain = expand(glob)
  if (plain === null) throw new RangeError(`braces stand for more than ${mostAlternatives} alternatives`)
  return plain.map((each) => each.split('/').map(segment))
}

/** Whether `readGlob` takes it. */
export const canRead = (glob: string): boolean => expand(glob) !== null

/** Whether the parts of a path fit. No step is tried again for an earlier wildcard, so time is at most the product of both lengths. */
export const fits = (glob: Glob, path: readonly string[]): boolean =>
  walk(
    glob.length,
    path.length,
    (at) => glob[at] === 'folders',
    (at, place) => segmentFits(glob[at] as Segment, path[place] ?? ''),
  )

/** Matching with one kind of wildcard for any number of items: only the last one seen ever needs to take one more. */
const walk = (
  patterns: number,
  items: number,
  many: (pattern: number) => boolean,
  same: (pattern: number, item: number) => boolean,
): boolean => {
  let pattern = 0
  let item = 0
  let last = -1
  let resume = 0
  while (item < items) {
    if (pattern < patterns && many(pattern)) {
      last = pattern
      resume = item
      pattern += 1
    } else if (pattern < patterns && same(pattern, item)) {
      pattern += 1
      item += 1
    } else if (last >= 0) {
      resume += 1
      item = resume
      pattern = last + 1
    } else return false
  }
  while (pattern < patterns && many(pattern)) pattern += 1
  return pattern === patterns
}

const segmentFits = (segment: Segment, name: string): boolean => {
  if (segment === 'folders') return true
  if ('literal' in segment) return segment.literal === name
  const { tokens } = segment
  const is = (token: Token | undefined, any: 'many' | 'one') =>
    typeof token === 'object' && 'any' in token && token.any === any
  return walk(
    tokens.length,
    name.length,
    (at) => is(tokens[at], 'many'),
    (at, place) => {
      const token = tokens[at]
      if (typeof token === 'string') return token === name[place]
      return token !== undefined && ('any' in token ? true : inSet(token, name[place] ?? ''))
    },
  )
}

const inSet = ({ set, not }: Extract<Token, { set: unknown }>, letter: string): boolean =>
  set.some(([from, to]) => letter >= from && letter <= to) !== not

const segment = (text: string): Segment => {
  if (text === '**') return 'folders'
  const tokens: Token[] = []
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? ''
    const set = letter === '[' ? /^\[([!^]?)(\]?[^\]]*)\]/.exec(text.slice(at)) : null
    if (letter === '\\' && at + 1 < text.length) {
      at += 1
      tokens.push(text[at] ?? '')
    } else if (letter === '*') {
      if (text[at - 1] !== '*' || tokens.length === 0) tokens.push({ any: 'many' })
    } else if (letter === '?') tokens.push({ any: 'one' })
    else if (set?.[2]) {
      tokens.push({ set: ranges(set[2]), not: set[1] !== '' })
      at += set[0].length - 1
    } else tokens.push(letter)
  }
  return tokens.every((token) => typeof token === 'string') ? { literal: tokens.join('') } : { tokens }
}

const ranges = (text: string): [string, string][] =>
  [...text.matchAll(/(.)-(.)|(.)/gsu)].map(([, from, to, only]) => [from ?? only ?? '', to ?? only ?? ''])

/** Braces written out: `a{b,c{d,e}}` is `ab`, `acd`, `ace`; null when they are too many. */
const expand = (glob: string): string[] | null => {
  const done: string[] = []
  const open = [glob]
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    const group = firstGroup(text)
    if (!group) done.push(text)
    else for (const part of group.parts) open.push(text.slice(0, group.from) + part + text.slice(group.to))
    if (open.length + done.length > mostAlternatives) return null
  }
  return done
}

/** The first `{…}` with a comma at its own depth; braces without one are letters. */
const firstGroup = (text: string): { from: number; to: number; parts: string[] } | null => {
  for (let from = 0; from < text.length; from++) {
    if (text[from] === '\\') from += 1
    else if (text[from] === '{') {
      const group = groupAt(text, from)
      if (group && group.parts.length > 1) return { from, ...group }
    }
  }
  return null
}

const groupAt = (text: string, from: number): { to: number; parts: string[] } | null => {
  const parts: string[] = []
  let depth = 0
  let start = from + 1
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '{') depth += 1
    else if (text[at] === ',' && depth === 1) {
      parts.push(text.slice(start, at))
      start = at + 1
    } else if (text[at] === '}') {
      depth -= 1
      if (depth === 0) return { to: at + 1, parts: [...parts, text.slice(start, at)] }
    }
  }
  return null
}
