import type { Plan } from '../plan/plan.ts'
import { itemName } from '../scope/item-name.ts'
import { showSeconds } from '../text/show-seconds.ts'
import type { Risk } from './risk.ts'
import { wayBack } from './way-back.ts'

const mostChanges = 20
const order = { high: 0, medium: 1, low: 2 }

/** Who answers for a risk: the person who fills the role, else the role. */
const ownerOf = ({ policy }: Plan, role: string): string => policy.schedule.owners[role] ?? role

/**
 * Row P17: what could go wrong with this release, how it would be noticed, what is done about it and by whom; the worst
 * first, and of one level the open ones first. Nothing but the plan goes in.
 */
export const riskRegister = (plan: Plan): Risk[] =>
  [...changeRisks(plan), ...database(plan), ...means(plan), ...time(plan), ...people(plan)].sort(
    (a, b) =>
      order[a.level] - order[b.level] || Number(a.state === 'mitigated') - Number(b.state === 'mitigated'),
  )

const changeRisks = (plan: Plan): Risk[] => {
  const watched = checksOf(plan).length > 0 && plan.policy.traffic !== undefined
  const risky = plan.changes.filter(({ level, reverted }) => !reverted && level !== 'low')
  const shown = [...risky].sort((a, b) => order[a.level] - order[b.level]).slice(0, mostChanges)
  return shown.map((change) => ({
    id: `change-${change.pull ?? change.sha.slice(0, 7)}`,
    level: change.level,
    what: `${itemName(change)}: ${change.levelWhy}`,
    noticed: noticed(plan),
    mitigation: `${exposure(plan)}${change.details.flag ? `; flag ${change.details.flag} turns it off` : ''}; ${wayBack(plan)}`,
    owner: change.author,
    state: watched && plan.rollback.previous !== null ? 'mitigated' : 'open',
  }))
}

const checksOf = ({ policy }: Plan) => policy.metrics?.checks ?? []

const noticed = (plan: Plan): string => {
  const names = checksOf(plan).map(({ name }) => name)
  return names.length > 0
    ? `${names.slice(0, 5).join(', ')}, looked at each ${showSeconds(plan.policy.rollout.look)}`
    : 'by nobody but users: no metric is configured'
}

const exposure = ({ risk }: Plan): string => `first exposure ${risk.blast}`

const database = (plan: Plan): Risk[] => {
  const { migrationRisk, migrations, rollback } = plan
  if (migrations.length === 0 && !migrationRisk) return []
  const runs = migrationRisk?.previousVersionRuns
  const blocked = migrationRisk?.blocked ?? []
  return [
    {
      id: 'database',
      level: migrationRisk?.level ?? 'high',
      what: `${migrations.length} ${migrations.length === 1 ? 'file changes' : 'files change'} the database${blocked.length > 0 ? `: ${blocked.slice(0, 3).join('; ')}` : ''}`,
      noticed: 'errors of the previous version on the new schema, in staging and at the first step',
      mitigation: `${runs === undefined ? '' : `the previous version ${runs ? 'runs' : 'does NOT run'} on the new schema; `}${rollback.database}`,
      owner: ownerOf(plan, 'operations'),
      state: blocked.length > 0 || runs === false ? 'open' : 'mitigated',
    },
  ]
}

/** What the release lacks to notice and to undo. */
const means = (plan: Plan): Risk[] => {
  const open = (id: string, level: Risk['level'], what: string, seen: string, mitigation: string): Risk => ({
    id,
    level,
    what,
    noticed: seen,
    mitigation,
    owner: ownerOf(plan, 'operations'),
    state: 'open',
  })
  const { policy, rollback } = plan
  return [
    ...(policy.traffic
      ? []
      : [
          open(
            'no-traffic-driver',
            'high',
            'all users get the new version at once',
            'the plan says so',
            'configure traffic, so that exposure grows in steps and is taken back at once',
          ),
        ]),
    ...(checksOf(plan).length > 0
      ? []
      : [
          open(
            'no-metric',
            'high',
            'no step can be proven healthy, and no harm is seen',
            'the plan says so',
            'configure metrics.checks',
          ),
        ]),
    ...(rollback.previous === null
      ? [
          open(
            'no-way-back',
            'high',
            'there is no earlier version to return to',
            'the plan says so',
            'a flag for what is new, or a maintenance page that was tried',
          ),
        ]
      : []),
    ...(plan.changes.some(({ readable, reverted }) => !readable && !reverted)
      ? [
          open(
            'unread-changes',
            'medium',
            'changes whose type no rule reads, so that version and notes may say too little',
            'they are listed in the plan',
            'give them titles like fix: … or feat: …',
          ),
        ]
      : []),
  ]
}

const time = (plan: Plan): Risk[] => {
  const late = (plan.schedule?.tasks ?? []).filter((task) => task.late && !task.optional)
  if (late.length === 0) return []
  return [
    {
      id: 'late-tasks',
      level: 'medium',
      what: `${late.length} tasks before the release should have begun: ${late
        .slice(0, 5)
        .map(({ name }) => name)
        .join(', ')}`,
      noticed: 'by the boxes of the ticket that are not ticked',
      mitigation: 'take the next window, or leave out what is optional',
      owner: ownerOf(plan, 'release-owner'),
      state: 'open',
    },
  ]
}

const people = (plan: Plan): Risk[] => {
  const roles = [...new Set((plan.schedule?.tasks ?? []).map(({ role }) => role))]
  const unnamed = roles.filter((role) => plan.policy.schedule.owners[role] === undefined)
  if (unnamed.length === 0) return []
  return [
    {
      id: 'unnamed-owners',
      level: 'low',
      what: `nobody is named for ${unnamed.join(', ')}`,
      noticed: 'the plan names the role in the place of a person',
      mitigation: 'name them in schedule.owners',
      owner: ownerOf(plan, 'release-owner'),
      state: 'open',
    },
  ]
}
