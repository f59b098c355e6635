import { inline } from '../text/escape-markdown.ts'
import type { LateChange, PlannedFreeze } from './planned-freeze.ts'

type Frozen = { state: 'provisional' | 'frozen'; revision: number; freeze?: PlannedFreeze | undefined }

const mostShown = 20

/** Whether sign-offs can bind to the plan, and since or until when, in one line of Markdown; empty where no freeze holds it. */
export const freezeLine = ({ state, freeze }: Frozen): string => {
  if (!freeze) return ''
  const when = `${freeze.feature.slice(0, 16).replace('T', ' ')} UTC`
  if (state === 'provisional')
    return `**Provisional** until feature freeze, ${when} (${inline(freeze.source, 100)}): nobody is asked to sign before`
  const { base } = freeze
  return `Frozen since ${when} (${inline(freeze.source, 100)})${base ? `; the first frozen revision is ${base.revision}` : ''}`
}

/** A change that entered after the freeze, and what let it in, in one line of Markdown. */
export const lateLine = ({ item, entry, why }: LateChange): string =>
  `After feature freeze: ${inline(item, 120)}, ${entry === 'held' ? '**let in by nothing**' : `let in as ${entry}`}: ${inline(why, 200)}`

/** The freeze that a plan is under, and what let each later change in. Titles are untrusted. */
export const showFreeze = (plan: Frozen): string => {
  const line = freezeLine(plan)
  if (line === '') return ''
  const { late = [] } = plan.freeze ?? {}
  const rows = late
    .slice(0, mostShown)
    .map(
      ({ item, entry, why }) =>
        `| ${inline(item, 120)} | ${entry === 'held' ? '**nothing**' : entry}: ${inline(why, 200)} |`,
    )
  const more = late.length > mostShown ? [``, `and ${late.length - mostShown} more, in the plan.`] : []
  const table =
    rows.length > 0 ? ['', '| entered since | let in as |', '|---|---|', ...rows, ...more].join('\n') : ''
  return `## Feature freeze\n\n${line}.${table === '' ? '' : `\n${table}`}`
}
