import type { RiskLevel } from '../config/risk-levels.ts'
import { cut } from '../text/visible.ts'
import type { Finding, Migration } from './classify-migration.ts'
import { compareVersions, hasDownPart, seriesOf, versionOf, wayOf } from './migration-file.ts'
import type { MigrationFile } from './migration-risk.ts'

/** Something about the files themselves, beside what their statements do. */
export type Flag = {
  code: 'edited' | 'deleted' | 'out-of-order' | 'same-version' | 'no-way-back' | 'rename'
  path: string
  level: RiskLevel
  words: string
}

/**
 * Fault 93: migrations that were there before and are edited or deleted, new ones that sort before applied ones or share a
 * version, and those without a way back or a declared forward fix (row G15). Fault 92: a rename spread over two statements.
 */
export const reviewFiles = (
  files: readonly MigrationFile[],
  migrations: readonly Migration[],
  before: readonly string[],
): Flag[] => [
  ...touched(files),
  ...misplaced(files, before),
  ...oneWay(files, migrations, before),
  ...renames(migrations),
]

/** The flags in sentences; many files that were edited or deleted together are one. */
export const flagWords = (flags: readonly Flag[]): string[] => [
  ...together(
    flags,
    'edited',
    'were there before this release and are edited: where they ran already, they will not run again; write new migrations',
  ),
  ...together(
    flags,
    'deleted',
    'were there before this release and are deleted: new databases will differ from those where they ran',
  ),
  ...flags.filter(({ code }) => code !== 'edited' && code !== 'deleted').map(({ words }) => words),
]

const named = 3

const together = (flags: readonly Flag[], wanted: Flag['code'], words: string): string[] => {
  const found = flags.filter(({ code }) => code === wanted)
  if (found.length <= named) return found.map((flag) => flag.words)
  const paths = found.slice(0, named).map(({ path }) => cut(path, 100))
  return [`${found.length} migrations ${words}: ${paths.join(', ')} and ${found.length - named} more`]
}

const touched = (files: readonly MigrationFile[]): Flag[] =>
  files.flatMap(({ path, status }): Flag[] => {
    if (status === 'added') return []
    const name = cut(path, 200)
    return status === 'modified'
      ? [
          {
            code: 'edited',
            path,
            level: 'high',
            words: `${name} was there before this release and is edited: where it ran already, it will not run again; write a new migration`,
          },
        ]
      : [
          {
            code: 'deleted',
            path,
            level: 'high',
            words: `${name} was there before this release and is deleted: new databases will differ from those where it ran`,
          },
        ]
  })

const misplaced = (files: readonly MigrationFile[], before: readonly string[]): Flag[] => {
  const added = files.filter(({ path, status }) => status === 'added' && wayOf(path) === 'up')
  return added.flatMap(({ path }): Flag[] => {
    const version = versionOf(path)
    if (version === null) return []
    const others = [
      ...before.filter((each) => wayOf(each) === 'up'),
      ...added.map((each) => each.path),
    ].filter((each) => each !== path && seriesOf(each) === seriesOf(path))
    const twin = others.find((each) => compareVersions(versionOf(each) ?? [-1n], version) === 0)
    if (twin !== undefined)
      return [
        {
          code: 'same-version',
          path,
          level: 'high',
          words: `${cut(path, 200)} has the same version as ${cut(twin, 200)}: which one runs is not defined`,
        },
      ]
    const later = before.find(
      (each) =>
        wayOf(each) === 'up' &&
        seriesOf(each) === seriesOf(path) &&
        compareVersions(versionOf(each) ?? [], version) > 0,
    )
    return later === undefined
      ? []
      : [
          {
            code: 'out-of-order',
            path,
            level: 'high',
            words: `${cut(path, 200)} sorts before ${cut(later, 200)}, which was there before: it may be skipped or run late; give it a later version`,
          },
        ]
  })
}

/** `-- forward-fix: why and how`: the declaration that a migration is mended forward, not reversed. */
const forwardFix = /^forward-fix:\s*\S/i

const oneWay = (
  files: readonly MigrationFile[],
  migrations: readonly Migration[],
  before: readonly string[],
): Flag[] => {
  const present = [...before, ...files.filter(({ status }) => status !== 'deleted').map(({ path }) => path)]
  const downs = present.filter((path) => wayOf(path) === 'down')
  const texts = new Map(files.map(({ path, sql }) => [path, sql ?? '']))
  return migrations.flatMap(({ path, class: kind, comments, findings }): Flag[] => {
    // Django takes its own operations back; only what runs code needs to be told how.
    const runs = findings.find(({ name }) => name === 'one-way')
    if (runs && !comments.some(({ text }) => forwardFix.test(text)))
      return [
        {
          ...{ code: 'no-way-back', path, level: 'high' },
          words: `${cut(path, 200)} ${runs.words}, line ${runs.line}: write one, or declare "# forward-fix: <how>" in it`,
        },
      ]
    if (kind === null || !/\.sql$/i.test(path)) return []
    if (comments.some(({ text }) => forwardFix.test(text)) || hasDownPart(path, texts.get(path) ?? ''))
      return []
    if (downs.some((down) => isWayBackOf(down, path))) return []
    return [
      {
        code: 'no-way-back',
        path,
        level: kind === 'EXPAND' ? 'medium' : 'high',
        words: `${cut(path, 200)} has no way back: write its down migration, or declare "-- forward-fix: <how>" in it`,
      },
    ]
  })
}

const isWayBackOf = (down: string, up: string): boolean => {
  if (seriesOf(down) !== seriesOf(up)) return false
  const [a, b] = [versionOf(down), versionOf(up)]
  if (a !== null && b !== null) return compareVersions(a, b) === 0
  return bare(down) === bare(up)
}

const bare = (path: string): string =>
  (path.split('/').at(-1) ?? '').replace(/\.sql$/i, '').replace(/[._-](?:up|down|undo|rollback)$/i, '')

/** A column or table that goes while another comes, anywhere in the release: probably one and the same. */
const renames = (migrations: readonly Migration[]): Flag[] => {
  const all = migrations.flatMap(({ path, findings }) => findings.map((finding) => ({ path, ...finding })))
  const of = (...names: Finding['name'][]) => all.filter(({ name }) => names.includes(name))
  const columns = of('drop-column').flatMap((gone) => {
    const come = of('add-column', 'add-required-column').find(
      ({ table, column }) => table === gone.table && column !== gone.column,
    )
    return come ? [{ gone, come, was: `column ${gone.what}` }] : []
  })
  const tables = of('drop-table').flatMap((gone) => {
    const come = of('create-table').find(({ table }) => table !== gone.table)
    return come ? [{ gone, come, was: `table ${gone.what}` }] : []
  })
  return [...columns, ...tables].map(({ gone, come, was }) => ({
    code: 'rename',
    path: gone.path,
    level: 'high',
    words: `${was} goes (${cut(gone.path, 200)}) and ${come.what} comes (${cut(come.path, 200)}) in one release: if that is a rename, the previous version stops working, and the data is lost; add, copy, switch, and drop in a later release`,
  }))
}
