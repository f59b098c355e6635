/** The way of a migration file: `down` takes back what `up` of the same name did. */
export type Way = 'up' | 'down'

const downPath = [
  /(?:^|[./_-])(?:down|undo|rollback)\.sql$/i,
  /(?:^|\/)(?:down|revert|undo|rollbacks?)\//i,
  /(?:^|\/)U\d[\w.]*__[^/]*\.sql$/,
]

export const wayOf = (path: string): Way => (downPath.some((pattern) => pattern.test(path)) ? 'down' : 'up')

/** A tool whose files hold both ways, the names that it takes, and its marks on a line of their own. */
type Marked = { names: RegExp; mark: RegExp }

const tools: readonly Marked[] = [
  { names: /^\d+_[^/]*\.sql$/i, mark: /^--[ \t]*\+goose[ \t]+(up|down)[ \t]*$/i },
  { names: /^\d[^/]*\.sql$/i, mark: /^--[ \t]*migrate:(up|down)(?:[ \t]+transaction:\w+)?[ \t]*$/i },
  { names: /^\d[^/]*\.sql$/i, mark: /^--[ \t]*\+migrate[ \t]+(up|down)(?:[ \t]+notransaction)?[ \t]*$/i },
]
/** Files of tools that know no marks: what stands behind one runs. */
const unmarked = /(?:\.(?:up|down|undo|rollback)|^(?:up|down|migration))\.sql$/i

/**
 * The part of a file that runs forward: up to its mark of the way down (goose, dbmate, sql-migrate). Lines keep their numbers.
 * The whole file where another tool might run it: its name is none of the tool's, its marks are of several tools or do not
 * stand as one way up and then one way down, or nothing but comments runs forward.
 */
export const forwardPart = (path: string, sql: string): string => {
  const name = path.split('/').at(-1) ?? ''
  if (unmarked.test(name)) return sql
  const found: { tool: Marked; way: string; at: number }[] = []
  let at = 0
  for (const line of sql.split('\n')) {
    for (const tool of tools) {
      const way = tool.mark.exec(line.replace(/\r$/, ''))?.[1]?.toLowerCase()
      if (way !== undefined) found.push({ tool, way, at })
    }
    at += line.length + 1
  }
  const [up, down, ...more] = found
  const plain = up?.way === 'up' && down?.way === 'down' && up.tool === down.tool && more.length === 0
  if (!plain || !up.tool.names.test(name)) return sql
  const forward = sql.slice(0, down.at)
  return holdsMore(forward) ? forward : sql
}

/** Whether there is more than blank lines and comments of a whole line. */
const holdsMore = (sql: string): boolean => sql.split('\n').some((line) => !/^\s*(?:--|$)/.test(line))

/** Whether a file holds its own way down after the mark, with more than comments in it. */
export const hasDownPart = (path: string, sql: string): boolean => {
  const forward = forwardPart(path, sql)
  return forward.length < sql.length && holdsMore(sql.slice(forward.length))
}

/** A folder of one migration: 20260101120000_name (Prisma), 2026-01-01-120000_name (Diesel). */
const dated = /^(\d[\d-]{7,})_/

/** The number or time that orders a migration, as its parts, for example V2.1__x.sql: 2, 1; null when it has none. */
export const versionOf = (path: string): bigint[] | null => {
  const name = path.split('/').at(-1) ?? ''
  const folder = path.split('/').at(-2) ?? ''
  const match = /^[VU]?(\d[\d._]*?)(?:__|[_.-]\D|$)/i.exec(name) ?? dated.exec(folder)
  const parts = match?.[1]?.split(/[._-]/).filter((part) => part !== '')
  return parts && parts.length > 0 ? parts.map((part) => BigInt(part.slice(0, 30))) : null
}

/** Below 0 when `a` runs before `b`. */
export const compareVersions = (a: readonly bigint[], b: readonly bigint[]): number => {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [left = 0n, right = 0n] = [a[at], b[at]]
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}

/** What runs together: the folder, without the folder of one migration and of the way (`up/`, `down/`). */
export const seriesOf = (path: string): string =>
  path
    .split('/')
    .slice(0, -1)
    .filter((part) => !dated.test(part) && !/^(?:up|down|deploy|revert|undo|rollbacks?)$/i.test(part))
    .join('/')
