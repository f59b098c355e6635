import { bar, code, inline } from '../notes/escape-markdown.ts'
import { showSeconds } from '../notes/show-seconds.ts'
import { comparisonWords } from '../rollout/comparison-words.ts'
import { ladder } from '../rollout/ladder.ts'
import type { Change } from '../scope/change.ts'
import { itemName } from '../scope/item-name.ts'
import type { Plan } from './plan.ts'

const rows = 30

/** The job summary: what ships, why this version, how risky and why, how it is exposed, how it is undone. */
export const planSummary = (plan: Plan, digest: string, notes: readonly string[]): string =>
  [
    head(plan),
    risk(plan),
    why(plan, notes),
    exposure(plan),
    undo(plan),
    gaps(plan),
    ships(plan),
    foot(plan, digest),
  ]
    .filter((part) => part !== '')
    .join('\n\n')

const head = (plan: Plan): string => {
  const standing = plan.changes.filter((change) => !change.reverted)
  const count = standing.length + plan.unlisted.changes
  const kinds = new Map<string, number>()
  for (const { kind } of standing) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  const mix = [...kinds]
    .sort((a, b) => b[1] - a[1])
    .map(([kind, count]) => `${count} ${inline(kind)}`)
    .join(', ')
  const from = plan.previous ? ` in place of ${inline(plan.previous.version)}` : ', the first release'
  return `# ${inline(plan.service)} ${inline(plan.version)} → ${inline(plan.environment)}\n\n**${word(plan.risk.level)} risk.** ${count} ${count === 1 ? 'change' : 'changes'}${from}${mix ? `: ${mix}` : ''}. Needs ${needs(plan)}.`
}

const word = (level: string): string => level.slice(0, 1).toUpperCase() + level.slice(1)

const needs = ({ signoffs }: Plan): string =>
  signoffs.length === 0
    ? 'no sign-off at this level (standing approval)'
    : `the sign-off of ${signoffs.map(({ role }) => inline(role)).join(' and ')}`

const risk = ({ risk, changes }: Plan): string => {
  const shown = risk.reasons.slice(0, 10)
  const same = changes.filter(({ level, reverted }) => level === risk.level && !reverted)
  const rest = same.length - shown.length
  const list = shown.map(({ item, why }) => `| ${showItem(item)} | ${inline(why, 200)} |`)
  if (list.length === 0) return ''
  return `## Why ${risk.level} risk\n\n| what | why |\n|---|---|\n${list.join('\n')}${rest > 0 ? `\n\nand ${rest} more of this level.` : ''}`
}

/** Our own `#123` in front of a title is a reference; the title is not. */
const showItem = (item: string): string => {
  const [, own = '', title = ''] = /^(#\d+ |)(.*)$/s.exec(item) ?? []
  return own + inline(title, 120)
}

const why = (plan: Plan, notes: readonly string[]): string => {
  const shown = plan.why.slice(0, rows)
  const rest = plan.why.length - shown.length
  const table = shown.map(
    (row) =>
      `| ${code(row.sha.slice(0, 7))} ${inline(row.subject, 100)} | ${inline(row.rule)} | ${row.decides ? `**${row.level}** ← decides` : row.level} |`,
  )
  const from = plan.previous ? `${inline(plan.previous.version)} → ` : ''
  const more = notes.map((note) => `\n- ${inline(note, 300)}`).join('')
  return `## Why ${inline(plan.version)}\n\n${from}**${inline(plan.version)}** (${plan.bump})${more}\n\n| change | rule | level |\n|---|---|---|\n${table.join('\n')}${rest > 0 ? `\n\nand ${rest} more, all in the plan.` : ''}`
}

const exposure = (plan: Plan): string => {
  const table = ladder(plan.policy.rollout).map((rung) =>
    rung.margin === null || rung.last
      ? `| ${rung.weight} % | ${bar(rung.weight)} | until it is confirmed | every step before it is proven |`
      : `| ${rung.weight} % | ${bar(rung.weight)} | ${showSeconds(rung.min)} to ${showSeconds(rung.max)} | ${rung.margin} percentage points |`,
  )
  return `## How it is exposed\n\n| traffic | | bake | worse than stable by less than |\n|---|---|---|---|\n${table.join('\n')}${comparison(plan)}`
}

/** Every baseline that is weaker than side by side, and what past rollouts taught. */
const comparison = ({ policy, learnt, previous }: Plan): string => {
  const said = comparisonWords(policy.metrics, learnt, previous?.version ?? null)
  return said.length > 0 ? `\n\n${said.map((line) => `- ${inline(line, 600)}`).join('\n')}` : ''
}

const undo = ({ rollback, risk }: Plan): string => {
  const back =
    rollback.previous === null
      ? 'There is no earlier version to return to.'
      : `Back on **${inline(rollback.previous)}** in at most ${showSeconds(rollback.seconds)}, ${inline(rollback.executor)}.`
  const steps = rollback.steps.map(
    ({ text, seconds }, index) => `${index + 1}. ${inline(text)} (≤ ${showSeconds(seconds)})`,
  )
  return `## How it is undone

${back} First exposure: ${inline(risk.blast)}.

${steps.join('\n')}

Database: ${inline(rollback.database, 1_000)}. State: ${inline(rollback.state, 1_000)}.`
}

const gaps = ({ gaps }: Plan): string =>
  gaps.length === 0 ? '' : `## What is not known\n\n${gaps.map((gap) => `- ${inline(gap, 600)}`).join('\n')}`

const ships = (plan: Plan): string => {
  const lines = plan.changes.map(line)
  const shown = lines.slice(0, 200)
  const rest = lines.length + plan.unlisted.changes - shown.length
  return `<details><summary>All ${lines.length + plan.unlisted.changes} changes</summary>\n\n${shown.join('\n')}${rest > 0 ? `\n- and ${rest} more` : ''}\n\n</details>`
}

const line = (change: Change): string =>
  `- ${showItem(itemName(change))} (${change.level}${change.breaking ? ', breaking' : ''}${change.reverted ? ', undone within this release' : ''}${change.readable ? '' : ', not readable by a rule'})`

const foot = (plan: Plan, digest: string): string =>
  `Plan ${code(digest.slice(0, 12))}, revision ${plan.revision}, of commit ${code(plan.sha.slice(0, 12))}; policy ${plan.policySource ? `${inline(plan.policySource.path)} (${code(plan.policySource.sha.slice(0, 12))})` : 'defaults'}.`
