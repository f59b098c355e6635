import type { ReversedMigrations } from '../config/reversed-migrations.ts'
import { matchPath } from '../risk/match-path.ts'
import { fillPlaceholders } from '../text/placeholder.ts'
import { wayOf } from './migration-file.ts'

/** A migration that a rollback reverses; `test` is the path of its own test, null where there is none. */
export type Reversal = { path: string; test: string | null; wanted: string; check: string | null }

/**
 * Row P15: which of the migrations that a release adds are reversed by a script, and the test of each. The first rule that
 * fits counts; the whole way back of one migration is one test, so that a way down of its own is not asked for again.
 *
 * @param present paths of all files at the commit
 */
export const reversalTests = (
  added: readonly string[],
  rules: ReversedMigrations,
  present: readonly string[],
): Reversal[] => {
  const matchers = rules.map((rule) => ({ ...rule, takes: matchPath(rule.paths) }))
  return added
    .filter((path) => wayOf(path) === 'up')
    .flatMap((path) => {
      const rule = matchers.find(({ takes }) => takes(path))
      if (!rule) return []
      const wanted = fillPlaceholders(
        rule.test,
        () => nameOf(path),
        (name) => name,
      )
      const isTest = matchPath([fillPlaceholders(rule.test, () => nameOf(path), literally)])
      const test = present.find((each) => each !== path && isTest(each)) ?? null
      return [{ path, test, wanted, check: rule.check ?? null }]
    })
}

/** `002_b` of 002_b.up.sql; the folder where each migration has one (Prisma, Diesel), since its file says nothing. */
export const nameOf = (path: string): string => {
  const parts = path.split('/')
  const file = (parts.at(-1) ?? '').replace(/\.[^.]+$/, '').replace(/[._-]up$/i, '')
  return /^(migration|up)$/i.test(file) ? (parts.at(-2) ?? file) : file
}

/** A name inside a glob, without the meaning that its characters have there. */
const literally = (name: string): string => name.replace(/[\\*?[\]{}!]/g, '\\$&')
