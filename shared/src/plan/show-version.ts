import { readMessage } from '../scope/read-message.ts'
import { code, inline } from '../text/escape-markdown.ts'
import { bumps, type Plan } from './plan.ts'

/** Why this version: the change that decides, else the one that asks for most, then what the rules say of the others, each rule once. */
export const showVersion = (plan: Plan, notes: readonly string[]): string => {
  const from = plan.previous ? `${inline(plan.previous.version)} → ` : ''
  const more = notes.map((note) => `\n- ${inline(note, 300)}`).join('')
  const head = `## Why ${inline(plan.version)}\n\n${from}**${inline(plan.version)}** (${plan.bump})${more}`
  const own = plan.why.filter(({ decides }) => decides)
  const deciding = own.length > 0 ? own : asking(plan.why)
  const others = new Map<string, { rule: string; level: Plan['why'][number]['level']; count: number }>()
  for (const row of plan.why) {
    if (deciding.includes(row)) continue
    const { rule, level } = row
    const key = `${rule} ${level}`
    const { count } = others.get(key) ?? { count: 0 }
    others.set(key, { rule, level, count: count + 1 })
  }
  const rows = [
    ...deciding.map(
      (row) =>
        `| ${code(row.sha.slice(0, 7))} ${inline(row.subject, 100)} | ${inline(row.rule)}${decidingInside(plan, row)} | **${row.level}** ← ${row.decides ? 'decides' : 'asks for most'} |`,
    ),
    ...[...others.values()]
      .sort((a, b) => bumps.indexOf(a.level) - bumps.indexOf(b.level) || b.count - a.count)
      .map(
        ({ rule, level, count }) =>
          `| ${count}${deciding.length > 0 ? ' other' : ''} ${count === 1 ? 'change' : 'changes'} | ${inline(rule)} | ${level} |`,
      ),
  ]
  return rows.length === 0 ? head : `${head}\n\n| change | rule | level |\n|---|---|---|\n${rows.join('\n')}`
}

/** Where the caller, the policy or another tool decides: the change that asks for most, which is what they decided about. */
const asking = (why: Plan['why']): Plan['why'] => {
  const level = bumps.find((each) => each !== 'none' && why.some((row) => row.level === each))
  return why.filter((row) => row.level === level).slice(0, 1)
}

/** The commit that gives a merge its level, where neither its own title nor a label does; Markdown. */
export const decidingInside = (
  { changes }: Pick<Plan, 'changes'>,
  { sha, level, rule, inside = [] }: Plan['why'][number],
): string => {
  const merge = changes.find((change) => change.sha === sha)
  if (!merge || rule.startsWith('label ')) return ''
  const title = readMessage(merge.subject)
  if (merge.breaking ? title.breaking : title.readable) return ''
  const found = inside.find((each) => each.level === level)
  return found ? `, of ${code(found.sha.slice(0, 7))} ${inline(found.subject, 90)}` : ''
}
