import type { Change } from '../scope/change.ts'
import { matchPath } from './match-path.ts'
import { pathClasses } from './path-classes.ts'
import type { ChangeFeatures } from './score-features.ts'

/** Lines of one file that a change adds and deletes. */
export type FileLines = { path: string; added: number; deleted: number }

/** Nobody wrote these: a new lock file is thousands of lines, and no risk of its size. */
const unwritten = matchPath([
  ...pathClasses.filter(({ name }) => name === 'generated').flatMap(({ globs }) => globs),
  '**/{package-lock.json,npm-shrinkwrap.json,yarn.lock,pnpm-lock.yaml,bun.lock,deno.lock,go.sum,Cargo.lock}',
  '**/{Gemfile.lock,poetry.lock,Pipfile.lock,uv.lock,pdm.lock,composer.lock,packages.lock.json}',
])

/**
 * What the score can know of a change from git alone: its files, and where they were read its lines. Subsystem: the first
 * folder of a path; files of the root are one subsystem (Kamei et al. 2013). Generated files and lock files do not count.
 */
export const measureChange = (
  { kind }: Pick<Change, 'kind'>,
  paths: readonly string[] | null,
  lines: readonly FileLines[] | null,
): ChangeFeatures => {
  const files = lines?.filter(({ path }) => !unwritten(path))
  const names = (paths ?? lines?.map(({ path }) => path))?.filter((path) => !unwritten(path))
  return {
    fix: kind === 'fix' || kind === 'security' ? 1 : 0,
    ...(names && {
      nf: names.length,
      nd: new Set(names.map((path) => path.split('/').slice(0, -1).join('/'))).size,
      ns: new Set(names.map((path) => (path.includes('/') ? path.split('/')[0] : ''))).size,
    }),
    ...(files && {
      la: files.reduce((sum, { added }) => sum + added, 0),
      ld: files.reduce((sum, { deleted }) => sum + deleted, 0),
      entropy: entropy(files.map(({ added, deleted }) => added + deleted)),
    }),
  }
}

/** Of the changed lines over the files, in bits. */
const entropy = (lines: readonly number[]): number => {
  const all = lines.reduce((sum, each) => sum + each, 0)
  if (all === 0) return 0
  const bits = lines.reduce((sum, each) => (each === 0 ? sum : sum - (each / all) * Math.log2(each / all)), 0)
  return Math.max(0, bits)
}
