/** The way of a migration file: `down` takes back what `up` of the same name did. */
export type Way = 'up' | 'down'

const downPath = [
  /(?:^|[./_-])(?:down|undo|rollback)\.sql$/i,
  /(?:^|\/)(?:down|revert|undo|rollbacks?)\//i,
  /(?:^|\/)U\d[\w.]*__[^/]*\.sql$/,
]

export const wayOf = (path: string): Way => (downPath.some((pattern) => pattern.test(path)) ? 'down' : 'up')

const marks = {
  up: /^[ \t]*--[ \t]*(?:\+goose[ \t]+up|migrate:up|\+migrate[ \t]+up)\b/im,
  down: /^[ \t]*--[ \t]*(?:\+goose[ \t]+down|migrate:down|\+migrate[ \t]+down)\b/im,
}

/** The part of a file that runs forward: up to its mark of the way down (goose, dbmate, sql-migrate). Lines keep their numbers. */
export const forwardPart = (sql: string): string => {
  const down = marks.down.exec(sql)
  const up = marks.up.exec(sql)
  return down && up && up.index < down.index ? sql.slice(0, down.index) : sql
}

/** Whether a file holds its own way down after the mark, with more than comments in it. */
export const hasDownPart = (sql: string): boolean => {
  const forward = forwardPart(sql)
  return (
    forward.length < sql.length &&
    /^[ \t]*[^\s-]/m.test(sql.slice(forward.length).replace(/^[ \t]*--.*$/gm, ''))
  )
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
