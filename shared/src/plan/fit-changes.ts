import { riskLevels } from '../config/risk-levels.ts'
import type { Change } from '../scope/change.ts'
import type { Plan } from './plan.ts'

/** UTF-8 bytes of a plan's JSON that its lists may fill: the record keeps a plan as one file for years. */
export const planLimit = 900_000
const migrationsLimit = 100_000

type Lists = Pick<Plan, 'changes' | 'why' | 'migrations'>
export type Fitted = Lists & { unlisted: Plan['unlisted']; gaps: string[] }

/**
 * What of a release is listed in `room` bytes. Left out first is what matters least: old changes of low risk. The change
 * that decides the version always stays, and so do the people behind all of them, who may not approve.
 */
export const fitChanges = ({ changes, why, migrations }: Lists, room: number): Fitted => {
  const people = [...new Set(changes.flatMap((change) => [change.author, ...change.people]))].sort()
  const files = within(migrations, migrationsLimit)
  const listed = choose(changes, why, room - bytes(people) - bytes(files))
  const kept = changes.filter(({ sha }) => listed.has(sha))
  const missing = changes.length - kept.length
  const gaps: string[] = []
  if (missing > 0)
    gaps.push(
      `only ${kept.length} of ${changes.length} changes are listed, those of high risk and the newest first; all of them were read for version and risk`,
    )
  if (files.length < migrations.length)
    gaps.push(`only ${files.length} of ${migrations.length} migration files are listed`)
  return {
    changes: kept,
    why: missing === 0 ? why : why.filter(({ sha }) => listed.has(sha)),
    migrations: files,
    unlisted: { changes: missing, people: missing === 0 ? [] : people },
    gaps,
  }
}

const choose = (changes: readonly Change[], why: Plan['why'], room: number): Set<string> => {
  const reasons = new Map(why.map((row) => [row.sha, row]))
  const weight = ({ sha, level }: Change) =>
    reasons.get(sha)?.decides ? riskLevels.length : riskLevels.indexOf(level)
  const listed = new Set<string>()
  let left = room
  for (const change of [...changes].sort((a, b) => weight(b) - weight(a))) {
    left -= bytes(change) + bytes(reasons.get(change.sha) ?? null)
    if (left < 0 && !reasons.get(change.sha)?.decides) break
    listed.add(change.sha)
  }
  return listed
}

const within = (lines: readonly string[], room: number): string[] => {
  let left = room
  return lines.filter((line) => {
    left -= bytes(line)
    return left >= 0
  })
}

const encoder = new TextEncoder()

/** Bytes of a value as JSON, with the comma after it. */
export const bytes = (value: unknown): number => encoder.encode(JSON.stringify(value)).length + 1
