export const dialects = ['postgresql', 'mysql', 'sqlite', 'unknown'] as const

/** `unknown`: what PostgreSQL and MySQL would read differently is not decided but reported as a doubt. */
export type Dialect = (typeof dialects)[number]

/** The dialect that a path names by a folder or a part of its file name; comments and text are never trusted for it. */
export const dialectOf = (path: string): Dialect => {
  const parts = path.toLowerCase().split(/[/._-]/)
  const says = (...names: string[]): boolean => names.some((name) => parts.includes(name))
  const found = [
    ...(says('postgres', 'postgresql', 'pg', 'psql') ? (['postgresql'] as const) : []),
    ...(says('mysql', 'mariadb') ? (['mysql'] as const) : []),
    ...(says('sqlite', 'sqlite3') ? (['sqlite'] as const) : []),
  ]
  return found.length === 1 ? (found[0] ?? 'unknown') : 'unknown'
}
