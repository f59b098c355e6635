import { judgeArtifacts } from '../artifact/judge-artifacts.ts'
import { howToAnswer } from '../caution/asked.ts'
import { showFeatures } from '../feature/show-features.ts'
import { showFreeze } from '../freeze/show-freeze.ts'
import { restsOnProbes } from '../rollout/from-probes.ts'
import { ladder } from '../rollout/ladder.ts'
import { code, inline } from '../text/escape-markdown.ts'
import { showSeconds } from '../text/show-seconds.ts'
import { exceptionFor } from './exception.ts'
import type { Plan } from './plan.ts'
import { unprovable } from './provable.ts'
import { isByHand } from './rollback-plan.ts'
import { showBranch } from './show-branch.ts'
import { showChanges } from './show-changes.ts'
import { showExposure } from './show-exposure.ts'
import { showItem } from './show-item.ts'
import { showRisk, withoutPath } from './show-risk.ts'
import { type Drawn, showSchedule, showWindow } from './show-schedule.ts'
import { decidingInside, showVersion } from './show-version.ts'
import { showUrgency } from './urgency.ts'

/**
 * The job summary, in an approver's order: at a glance what ships, why this version, how risky, when and how it is undone;
 * what stops it; then each of these with its reasons. What nobody reads at once is folded.
 */
export const planSummary = (
  plan: Plan,
  digest: string,
  notes: readonly string[],
  drawn: Drawn = {},
): string =>
  [
    head(plan),
    glance(plan, notes),
    stops(plan),
    showFreeze(plan),
    showFeatures(plan.features),
    showRisk(plan),
    showVersion(plan, notes),
    showSchedule(plan, drawn),
    showExposure(plan),
    undo(plan),
    gaps(plan),
    showChanges(plan),
    foot(plan, digest),
  ]
    .filter((part) => part !== '')
    .join('\n\n')

const head = ({ service, version, environment }: Plan): string =>
  `# ${inline(service)} ${inline(version)} → ${inline(environment)}`

const glance = (plan: Plan, notes: readonly string[]): string => {
  const { risk, rollback, schedule, signoffs } = plan
  const [first] = risk.reasons
  const branch = showBranch(plan)
  const decides = plan.why.find(({ decides }) => decides)
  const rungs = ladder(plan.policy.rollout)
  const before = plan.policy.metrics?.probes?.before ?? 0
  const most = rungs.reduce(
    (sum, rung) => sum + Math.max(rung.min, rung.max) + plan.policy.rollout.drain,
    before,
  )
  const least = rungs.reduce((sum, rung) => sum + rung.min + plan.policy.rollout.drain, before)
  const rows: [string, string][] = [
    ['What ships', whatShips(plan)],
    [
      `Why ${inline(plan.version)}`,
      decides
        ? `${plan.bump}: ${inline(decides.rule)}${decidingInside(plan, decides)}, ${inline(decides.subject, 90)}`
        : `${plan.bump}${notes[0] === undefined ? ', as it was given' : `: ${inline(notes[0], 160)}`}`,
    ],
    [
      'Risk',
      `**${risk.level}**${first ? `: ${inline(withoutPath(first.why.split('; ')[0] ?? ''), 120)} (${showItem(first.item, 70)})` : ''}${risk.reasons.length > 1 ? ` and ${risk.reasons.length - 1} more` : ''}`,
    ],
    ...(plan.urgency ? [['Why now', showUrgency(plan.urgency)] satisfies [string, string]] : []),
    ...(branch === '' ? [] : [['Branch', branch] satisfies [string, string]]),
    ['When', schedule ? showWindow(schedule) : 'not scheduled'],
    [
      'Exposure',
      plan.policy.traffic
        ? `${rungs.map(({ weight }) => weight).join(' → ')} %, in ${showSeconds(least)} to ${showSeconds(most)}${unproven(plan)}`
        : 'nothing moves traffic (no driver is configured)',
    ],
    [
      'Way back',
      rollback.previous === null
        ? 'none: there is no earlier version'
        : `${
            isByHand(plan.policy)
              ? `by hand: relman can bring ${inline(rollback.previous)} back only where it moves traffic or deploys`
              : `${inline(rollback.previous)} in at most ${showSeconds(rollback.seconds)}`
          }${plan.migrationRisk && !plan.migrationRisk.previousVersionRuns ? '; **it may not run on the new schema**' : ''}`,
    ],
    [
      'Needs',
      signoffs.length === 0
        ? 'no sign-off at this level (standing approval)'
        : `the sign-off of ${signoffs.map(({ role }) => inline(role)).join(' and ')}`,
    ],
  ]
  const [[title, shipped] = ['', ''], ...others] = rows
  const lines = others.map(([name, text]) => `| **${name}** | ${text} |`)
  return [`| ${title} | ${shipped} |`, '|:---|:---|', ...lines].join('\n')
}

/** How many steps are too short for what they shall prove, at the traffic that is known. */
const unproven = ({ bake, policy }: Plan): string => {
  const rests = restsOnProbes(policy.metrics)
  const said = rests ? '; **not proven by requests of users: promotion would rest on probes**' : ''
  const [first] = rests ? (bake?.probes ?? []) : bake?.known ? bake.cases : []
  const late = first?.steps.filter(({ half, max }) => half === null || half > max) ?? []
  if (!first || late.length === 0) return said
  const what = rests ? 'probes' : 'requests'
  return `${said}; ⚠ at ${first.traffic.rate} ${what} a second ${late.length} of ${first.steps.length} steps are too short to prove their margin`
}

/** Whether the way back has no step that relman takes. */
const whatShips = ({ changes, unlisted, previous }: Plan): string => {
  const standing = changes.filter((change) => !change.reverted)
  const count = standing.length + unlisted.changes
  const kinds = new Map<string, number>()
  for (const { kind } of standing) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  const sorted = [...kinds].sort((a, b) => b[1] - a[1])
  const mix = sorted
    .slice(0, 6)
    .map(([kind, each]) => `${each} ${kind === 'other' ? 'without a type' : inline(kind)}`)
  const more = sorted.slice(6).reduce((sum, [, each]) => sum + each, 0)
  if (more > 0) mix.push(`${more} of other types`)
  const from = previous ? `in place of ${inline(previous.version)}` : 'the first release'
  return `${count} ${count === 1 ? 'change' : 'changes'}${mix.length > 0 ? ` (${mix.join(', ')})` : ''}, ${from}`
}

/** What the gate refuses before anybody is asked. */
const stops = ({
  split,
  migrationRisk,
  artifacts,
  features,
  freeze,
  asked,
  policy,
  version,
  sha,
}: Plan): string => {
  const late = unprovable(policy)
  const lines = [
    ...(late ? [`${late.text}: ${late.remedy}`] : []),
    ...(migrationRisk && !migrationRisk.exception
      ? [
          ...few(migrationRisk.blocked, 'migrations'),
          ...few(
            migrationRisk.oneWay.map((path) => `${path} has neither a way back nor a declared forward fix`),
            'migrations',
          ),
          ...few(
            migrationRisk.reversed
              .filter(({ test }) => test === null)
              .map(
                ({ path, wanted }) =>
                  `${path} is reversed by a rollback and has no test of its own (${wanted})`,
              ),
            'migrations',
          ),
        ]
      : []),
    ...few(
      asked
        .filter(({ state }) => state === 'unanswered')
        .map(({ from, text }) => `what ${from} taught is not answered: ${text}; ${howToAnswer(from)}`),
      'lessons',
    ),
    ...(freeze && freeze.held > 0 && !exceptionFor(policy.risk, 'freeze', version)
      ? [`${counted(freeze.held, 'change')} entered after feature freeze, and nothing lets them in`]
      : []),
    ...(features && features.counts.incomplete > 0
      ? [`${counted(features.counts.incomplete, 'feature')} of the milestone not complete`]
      : []),
    ...(features && features.counts.untriaged > 0
      ? [`${counted(features.counts.untriaged, 'open bug')} without an owner or a priority`]
      : []),
    ...(artifacts ? judgeArtifacts(artifacts, { version, sha }, policy.artifacts.require) : [])
      .filter(({ state }) => state === 'fail' || state === 'missing')
      .map(
        ({ text, observed, remedy }) =>
          `not so: ${text}${observed === null ? '' : ` (${observed})`}: ${remedy}`,
      ),
    ...(split && !split.exception ? split.reasons.map(({ text }) => `to be split: ${text}`) : []),
  ]
  if (lines.length === 0) return ''
  return `> [!WARNING]\n> **The gate will say no-go:**\n${lines.map((line) => `> - ${inline(line, 500)}`).join('\n')}`
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const few = (lines: readonly string[], what: string): string[] => [
  ...lines.slice(0, 3),
  ...(lines.length > 3 ? [`and ${lines.length - 3} more ${what} like that`] : []),
]

const undo = (plan: Plan): string => {
  const { rollback, risk } = plan
  const back =
    rollback.previous === null
      ? 'There is no earlier version to return to.'
      : isByHand(plan.policy)
        ? `**${inline(rollback.previous)}** must be brought back by hand: relman neither moves traffic nor deploys here.`
        : `Back on **${inline(rollback.previous)}** in at most ${showSeconds(rollback.seconds)}, ${inline(rollback.executor)}.`
  const steps = rollback.steps.map(
    ({ text, seconds }, index) =>
      `${index + 1}. ${inline(text)}${seconds > 0 ? ` (≤ ${showSeconds(seconds)})` : ''}`,
  )
  return `## How it is undone

${back} First exposure: ${inline(risk.blast)}.

${steps.join('\n')}

Database: ${inline(rollback.database, 1_000)}. State: ${inline(rollback.state, 1_000)}.`
}

const gaps = ({ gaps }: Plan): string =>
  gaps.length === 0 ? '' : `## What is not known\n\n${gaps.map((gap) => `- ${inline(gap, 600)}`).join('\n')}`

const foot = (plan: Plan, digest: string): string =>
  `Plan ${code(digest.slice(0, 12))}, revision ${plan.revision}, of commit ${code(plan.sha.slice(0, 12))}, tag ${code(plan.tag, 120)}; policy ${plan.policySource ? `${inline(plan.policySource.path)} (${code(plan.policySource.sha.slice(0, 12))})` : 'defaults'}.`
