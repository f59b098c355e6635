import type { Config } from '../config/config.ts'
import { higher, type RiskLevel } from '../config/risk-levels.ts'
import { ladder } from '../rollout/ladder.ts'
import type { Change } from '../scope/change.ts'
import { itemName } from '../scope/item-name.ts'
import { showSeconds } from '../text/show-seconds.ts'
import { cut } from '../text/visible.ts'
import type { Plan } from './plan.ts'
import { isByHand } from './rollback-plan.ts'

/** More items of one level than anybody reads; each change says its own level, too. */
const mostReasons = 200

export type Assessed = {
  changes: readonly Change[]
  /** Of `releaseLevel`. */
  level: RiskLevel
  policy: Config
  rollback: Plan['rollback']
  migrations: readonly string[]
  migrationRisk: Plan['migrationRisk']
  /** Commits that ship without being among the changes. */
  hidden?: number
}

/** The level of the whole: the highest of its changes and of its migrations. Undone changes do not count; what nobody saw is high. */
export const releaseLevel = (
  changes: readonly Change[],
  migrationRisk: Plan['migrationRisk'] = null,
  hidden = 0,
): RiskLevel =>
  changes
    .filter((change) => !change.reverted)
    .reduce<RiskLevel>(
      (high, change) => higher(high, change.level),
      hidden > 0 ? 'high' : (migrationRisk?.level ?? 'low'),
    )

/** Which items set the level, how far a fault reaches, and what can be taken back. */
export const assessRelease = ({
  changes,
  level,
  policy,
  rollback,
  migrations,
  migrationRisk,
  hidden = 0,
}: Assessed): Plan['risk'] => ({
  level,
  reasons: [
    ...(hidden > 0
      ? [{ item: `${hidden} left out by from`, why: 'ships, and nobody judged what is in it', level }]
      : []),
    ...schemaReasons(migrationRisk),
    ...[...changes]
      .filter((change) => !change.reverted && change.level === level)
      .sort((a, b) => Number(isEdited(a)) - Number(isEdited(b)))
      .slice(0, mostReasons)
      .map((change) => ({ item: itemName(change), why: change.levelWhy, level: change.level })),
  ],
  blast: blast(policy),
  reversibility: reversibility(policy, rollback, migrations, migrationRisk),
})

/** Why the previous version may not run on the new schema, by the class of the worst migration. */
export const schemaWhy: Readonly<Record<string, string>> = {
  IRREVERSIBLE: 'an irreversible database migration',
  CONTRACT: 'a database migration that takes away what the previous version uses',
  UNKNOWN: 'a database migration that could not be read',
}

/** First of all stands what no way back restores. */
const schemaReasons = (found: Plan['migrationRisk']): Plan['risk']['reasons'] => {
  if (!found || found.previousVersionRuns) return []
  const [item, kind] = found.words.flatMap((words): [string, string][] =>
    words.includes(': IRREVERSIBLE: ') ? [[words, 'IRREVERSIBLE']] : [],
  )[0] ?? [found.words[0] ?? '', found.class ?? 'UNKNOWN']
  const why = schemaWhy[kind]
  return why === undefined ? [] : [{ item: cut(item, 200), why, level: found.level }]
}

/** What an edited migration did, it did long ago: anything else of the level is told before. */
const isEdited = ({ levelWhy }: Change): boolean => levelWhy.startsWith('an edited database migration (')

const blast = (policy: Config): string => {
  const [first] = ladder(policy.rollout)
  if (!policy.traffic) return 'all users at once: no traffic driver is configured'
  return `${first?.weight ?? 100} % of requests at the first step, for ${showSeconds(first?.min ?? 0)} to ${showSeconds(first?.max ?? 0)}`
}

const reversibility = (
  policy: Config,
  rollback: Plan['rollback'],
  migrations: readonly string[],
  migrationRisk: Plan['migrationRisk'],
): string => {
  if (rollback.previous === null) return 'there is no earlier version to return to'
  const back = isByHand(policy)
    ? `${rollback.previous} is brought back by hand`
    : `traffic is back on ${rollback.previous} within ${showSeconds(rollback.seconds)}`
  if (migrationRisk && !migrationRisk.previousVersionRuns)
    return `${back}, but it may not run on the new schema (${migrationRisk.class}); the database is not changed back`
  return migrations.length === 0 ? back : `${back}; the database is not changed back`
}
