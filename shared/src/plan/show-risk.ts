import { businessTerms } from '../risk/business-terms.ts'
import { inline } from '../text/escape-markdown.ts'
import { schemaWhy } from './assess-release.ts'
import type { Plan } from './plan.ts'
import { showItem } from './show-item.ts'

const most = 8

/** How risky the release is and why: the items that set its level, its migrations, its split, and where to look first. */
export const showRisk = (plan: Plan): string => {
  const parts = [reasons(plan), migrations(plan), split(plan), score(plan)].filter((part) => part !== '')
  return parts.length === 0 ? '' : `## Why ${plan.risk.level} risk\n\n${parts.join('\n\n')}`
}

/** One row for each reason: what many changes have in common is said once. */
const reasons = ({ risk, unlisted, schedule }: Plan): string => {
  const groups = new Map<string, typeof risk.reasons>()
  for (const reason of risk.reasons)
    for (const why of new Set(reason.why.split('; ').map(withoutPath)))
      groups.set(why, [...(groups.get(why) ?? []), reason])
  if (groups.size === 0) return ''
  const first = new Set(Object.values(schemaWhy))
  const sorted = [...groups].sort(
    (a, b) => Number(first.has(b[0])) - Number(first.has(a[0])) || b[1].length - a[1].length,
  )
  const rows = sorted.slice(0, most).map(([common, items]) => {
    const [first] = items
    const why =
      items.length === 1
        ? (first?.why.split('; ').find((each) => withoutPath(each) === common) ?? common)
        : common
    const more = items.length > 3 ? ` and ${items.length - 3} more` : ''
    const named = items.slice(0, 3).map(({ item }) => showItem(item, items.length === 1 ? 120 : 60))
    const means = businessTerms(common)
    return `| ${inline(why, 200)}${means === null ? '' : `: ${means}`} | ${named.join(' · ')}${more} |`
  })
  const left = sorted.length - rows.length
  const rest = [
    ...(left > 0 ? [`and ${left} more reasons.`] : []),
    ...(unlisted.changes > 0 ? [`${unlisted.changes} changes are not listed here.`] : []),
  ].join(' ')
  const governed = schedule ? `${sentence(schedule.governance)} Tests: ${inline(schedule.tests)}.` : ''
  const table = `| why | what |\n|---|---|\n${rows.join('\n')}`
  return [table, rest, governed].filter((part) => part !== '').join('\n\n')
}

/** A reason without the path that it was found at. */
export const withoutPath = (why: string): string => why.replace(/ \([^()]*\)$/, '')

const sentence = (text: string): string => `${inline(text.slice(0, 1).toUpperCase() + text.slice(1), 300)}.`

const migrations = ({ migrationRisk }: Plan): string => {
  if (!migrationRisk) return ''
  const { words, previousVersionRuns, exception } = migrationRisk
  const lines = words.slice(0, most).map((line) => `- ${inline(line, 300)}`)
  const more = words.length > most ? [`- and ${words.length - most} more in the plan`] : []
  const back = previousVersionRuns
    ? 'The previous version runs on the new schema.'
    : 'The previous version may **not** run on the new schema, so that going back is not safe by itself.'
  const excepted = exception ? ` Excepted by ${inline(exception.by)}: ${inline(exception.reason, 500)}.` : ''
  return `**Database.** ${back}${excepted}\n\n${[...lines, ...more].join('\n')}`
}

const split = ({ split }: Plan): string => {
  if (!split) return ''
  const parts = split.releases
    .slice(0, most)
    .map(
      ({ changes, level, breaking, about }, index) =>
        `${index + 1}. ${changes.length} ${changes.length === 1 ? 'change' : 'changes'}, ${level}${breaking ? ', breaking' : ''}: ${inline(about, 160)}`,
    )
  const more = split.releases.length > most ? [`\nand ${split.releases.length - most} more.`] : []
  const excepted = split.exception
    ? ` Excepted by ${inline(split.exception.by)}: ${inline(split.exception.reason, 500)}.`
    : ''
  return `**These changes do not belong together.** ${split.reasons.map(({ text }) => inline(text, 500)).join('; ')}.${excepted}

<details><summary>The ${split.releases.length} releases to make of it, in order</summary>

${[...parts, ...more].join('\n')}

</details>`
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

/** The score only ranks: shown are changes above the average, and nothing for a release of one. */
const score = ({ score }: Plan): string => {
  const first = (score?.first ?? [])
    .filter(({ probability }) => probability > (score?.average ?? 1))
    .slice(0, 3)
  if (!score || score.changes < 2 || first.length === 0) return ''
  const lines = first.map(
    ({ item, probability, words }) =>
      `- ${showItem(item, 80)}: ${percent(probability)}, it ${inline(words, 200)}`,
  )
  return `**Look here first.** By size and kind these changes are the likeliest to need repair (an average change: ${percent(score.average)}; it ranks, it decides nothing):\n\n${lines.join('\n')}`
}
