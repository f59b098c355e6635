import type { Plan } from '../plan/plan.ts'
import { wayBack } from '../register/way-back.ts'
import { code, inline } from '../text/escape-markdown.ts'
import type { Foreseen, Preview } from './preview.ts'

/** GitHub takes 65,536 characters in a comment; the marker and a margin stay free. */
const longest = 60_000
const mostGaps = 20

/** The marker of the one comment of a service on a pull request. Service names hold nothing that could end a comment. */
export const previewMarker = (service: string): string => `relman:plan:${service}`

/** What a pull request would do to the release. All text of the change is escaped; what is too long is left out, and said. */
export const previewComment = (preview: Preview): string => {
  const parts = [head(preview), held(preview), comparison(preview), change(preview), way(preview.after.plan)]
  const rest = [policy(preview), gaps(preview.after.plan), foot(preview)]
  const text = [...parts, ...rest].filter((part) => part !== '').join('\n\n')
  if (text.length <= longest) return text
  const short = [...parts.slice(0, 3), foot(preview)].filter((part) => part !== '').join('\n\n')
  return `${short.slice(0, longest)}\n\n*Cut: the run has the whole.*`
}

const head = ({ after: { plan, components, instead } }: Preview): string => {
  if (components.length > 0)
    return `### ${components.length} ${components.length === 1 ? 'component' : 'components'} to release with this pull request`
  if (!plan) return `### No release with this pull request\n\n${inline(instead, 600)}`
  const from = plan.previous ? `, after ${inline(plan.previous.version)}` : ', the first release'
  return `### ${inline(plan.service)} **${inline(plan.version)}** with this pull request${from}`
}

const held = ({ entry, enforced, pull }: Preview): string => {
  if (entry.entry === 'open') return ''
  if (entry.entry !== 'held') return `**May enter ${code(pull.base)}**: ${inline(entry.why, 600)}.`
  const lead = enforced ? 'May not enter' : 'Would not be let into'
  return [
    `> [!CAUTION]`,
    `> **${lead} ${code(pull.base)}**: ${inline(entry.why, 600)}.`,
    ...entry.remedies.map((remedy) => `> - ${inline(remedy, 300)}`),
  ].join('\n')
}

const comparison = ({ before, after }: Preview): string => {
  if (after.components.length > 0) return componentTable(before, after)
  if (!after.plan) return ''
  const now = before ? cells(before) : null
  const then = cells(after)
  const rows = then.map(([name, value], index) => {
    const was = now?.[index]?.[1] ?? '–'
    return now ? `| ${name} | ${was} | ${was === value ? value : `**${value}**`} |` : `| ${name} | ${value} |`
  })
  const top = now
    ? '| | as it is now | with this merged |\n|---|---|---|'
    : '| | with this merged |\n|---|---|'
  return `${top}\n${rows.join('\n')}`
}

const componentTable = (before: Foreseen | null, after: Foreseen): string => {
  const known = [...after.components, ...(before?.components ?? [])].map(({ component }) => component)
  const say = (foreseen: Foreseen | null, name: string): string => {
    const found = foreseen?.components.find(({ component }) => component === name)
    return found ? `${inline(found.version)} (${inline(found.bump)})` : '–'
  }
  const rows = [...new Set(known)].slice(0, 100).map((name) => {
    const [was, then] = [say(before, name), say(after, name)]
    return `| ${inline(name)} | ${before ? was : '?'} | ${was === then ? then : `**${then}**`} |`
  })
  return `| component | as it is now | with this merged |\n|---|---|---|\n${rows.join('\n')}`
}

const cells = ({ plan }: Foreseen): [string, string][] => {
  if (!plan)
    return [
      ['version', 'no release'],
      ['risk', '–'],
      ['changes', '0'],
      ['sign-offs', '–'],
    ]
  return [
    ['version', `${inline(plan.version)} (${plan.bump})`],
    ['risk', plan.risk.level],
    ['changes', String(countOf(plan))],
    [
      'sign-offs',
      plan.signoffs.length === 0 ? 'none asked' : plan.signoffs.map(({ role }) => inline(role)).join(', '),
    ],
  ]
}

const countOf = (plan: Plan): number =>
  plan.changes.filter(({ reverted }) => !reverted).length + plan.unlisted.changes

const change = ({ after: { plan }, merged }: Preview): string => {
  if (!plan) return ''
  const own = plan.changes.find(({ sha }) => sha === merged)
  const why = plan.why.find(({ sha }) => sha === merged)
  if (!own && !why) return ''
  const lines: string[] = []
  if (why)
    lines.push(
      `- **Version**: asks for ${why.level} (${inline(why.rule, 200)})${why.decides ? ', which decides' : ''}`,
    )
  if (own) lines.push(`- **Risk**: ${own.level}, ${inline(own.levelWhy, 300)}`)
  if (own && !own.readable)
    lines.push('- Its title is in no form that a rule reads (`fix: …`, `feat: …`), so it counts as a patch')
  return `**This change**\n\n${lines.join('\n')}`
}

const way = (plan: Plan | null): string => {
  if (!plan) return ''
  return `**Exposure**: ${inline(plan.risk.blast)}. **Way back**: ${inline(wayBack(plan))}.`
}

const policy = ({ policy }: Preview): string =>
  policy === null ? '' : `**Release policy**: ${inline(policy, 1_000)}.`

const gaps = (plan: Plan | null): string => {
  if (!plan || plan.gaps.length === 0) return ''
  const shown = plan.gaps.slice(0, mostGaps).map((gap) => `- ${inline(gap, 400)}`)
  const more = plan.gaps.length - shown.length
  return `<details><summary>What is not known (${plan.gaps.length})</summary>\n\n${shown.join('\n')}${more > 0 ? `\n- and ${more} more` : ''}\n\n</details>`
}

const foot = ({ pull, merged, runUrl }: Preview): string =>
  `<sub>Of ${code(pull.head.slice(0, 12))}, merged into ${code(pull.base)} as ${code(merged.slice(0, 12))}. relman keeps this comment up to date; nothing is released by it. [The whole plan](${runUrl})</sub>`
