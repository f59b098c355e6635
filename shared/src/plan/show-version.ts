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
      ({ sha, subject, rule, level }) =>
        `| ${code(sha.slice(0, 7))} ${inline(subject, 100)} | ${inline(rule)} | **${level}** ← decides |`,
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
