import { readMessage } from '../scope/read-message.ts'
import { code, inline } from '../text/escape-markdown.ts'
import { bumps, type Plan } from './plan.ts'

/** Why this version: the change that decides, then what the rules say of the others, each rule once. */
export const showVersion = (plan: Plan, notes: readonly string[]): string => {
  const from = plan.previous ? `${inline(plan.previous.version)} → ` : ''
  const more = notes.map((note) => `\n- ${inline(note, 300)}`).join('')
  const head = `## Why ${inline(plan.version)}\n\n${from}**${inline(plan.version)}** (${plan.bump})${more}`
  const deciding = plan.why.filter(({ decides }) => decides)
  const others = new Map<string, { rule: string; level: Plan['why'][number]['level']; count: number }>()
  for (const { rule, level, decides } of plan.why) {
    if (decides) continue
    const key = `${rule} ${level}`
    const { count } = others.get(key) ?? { count: 0 }
    others.set(key, { rule, level, count: count + 1 })
  }
  const rows = [
    ...deciding.map(
      (row) =>
        `| ${code(row.sha.slice(0, 7))} ${inline(row.subject, 100)} | ${inline(row.rule)}${decidingInside(plan, row)} | **${row.level}** ← decides |`,
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
