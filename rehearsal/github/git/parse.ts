/** Git's own object formats. */

export type Person = { name: string; email: string; date: string }

export type Commit = {
  oid: string
  tree: string
  parents: string[]
  author: Person
  committer: Person
  message: string
}

export type Tag = { oid: string; object: string; type: string; name: string; tagger: Person; message: string }

export type TreeEntry = { mode: string; name: string; type: 'tree' | 'blob' | 'commit'; oid: string }

const nobody: Person = { name: '', email: '', date: new Date(0).toISOString().replace('.000', '') }

/** Time as GitHub writes it: UTC, whole seconds. */
export const timestamp = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`

function person(line: string | undefined): Person {
  const parts = /^(.*?) ?<(.*?)> (-?\d+) [+-]\d{4}$/.exec(line ?? '')
  if (!parts) return nobody
  return {
    name: String(parts[1]),
    email: String(parts[2]),
    date: timestamp(new Date(Number(parts[3]) * 1000)),
  }
}

function headers(text: string): { fields: Map<string, string[]>; message: string } {
  const end = text.indexOf('\n\n')
  const fields = new Map<string, string[]>()
  for (const line of text.slice(0, end < 0 ? undefined : end).split('\n')) {
    const space = line.indexOf(' ')
    if (space <= 0) continue // a folded line, of a signature
    const name = line.slice(0, space)
    fields.set(name, [...(fields.get(name) ?? []), line.slice(space + 1)])
  }
  return { fields, message: end < 0 ? '' : text.slice(end + 2) }
}

export function parseCommit(oid: string, content: Buffer): Commit {
  const { fields, message } = headers(content.toString())
  return {
    oid,
    tree: fields.get('tree')?.[0] ?? '',
    parents: fields.get('parent') ?? [],
    author: person(fields.get('author')?.[0]),
    committer: person(fields.get('committer')?.[0]),
    message: message.replace(/\n+$/, ''),
  }
}

export function parseTag(oid: string, content: Buffer): Tag {
  const { fields, message } = headers(content.toString())
  const field = (name: string): string => fields.get(name)?.[0] ?? ''
  const tagger = person(fields.get('tagger')?.[0])
  return { oid, object: field('object'), type: field('type'), name: field('tag'), tagger, message }
}

/** Entries of a tree; `width` is the length of an object id in bytes (20, or 32 under SHA-256). */
export function parseTree(content: Buffer, width: number): TreeEntry[] {
  const entries: TreeEntry[] = []
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at)
    const end = content.indexOf(0, space)
    const mode = content.subarray(at, space).toString().padStart(6, '0')
    const type = mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob'
    const oid = content.subarray(end + 1, end + 1 + width).toString('hex')
    entries.push({ mode, name: content.subarray(space + 1, end).toString(), type, oid })
    at = end + 1 + width
  }
  return entries
}
