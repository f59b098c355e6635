import type { Change } from '../scope/change.ts'
import type { ChangeFeatures } from './score-features.ts'

/** Lines of one file that a change adds and deletes. */
export type FileLines = { path: string; added: number; deleted: number }

/**
 * What the score can know of a change from git alone: its files, and where they were read its lines. Subsystem: the first
 * folder of a path; files of the root are one subsystem (Kamei et al. 2013).
 */
export const measureChange = (
  { kind }: Pick<Change, 'kind'>,
  paths: readonly string[] | null,
  files: readonly FileLines[] | null,
): ChangeFeatures => {
  const names = paths ?? files?.map(({ path }) => path) ?? null
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
