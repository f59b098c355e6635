import { markdownTable } from 'markdown-table'
import { code, inline } from '../text/escape-markdown.ts'
import type { Criterion } from './criterion.ts'

const marks: Record<Criterion['state'], string> = { pass: '✅', fail: '❌', missing: '❔', excepted: '⚠️' }
const order: readonly Criterion['state'][] = ['fail', 'missing', 'excepted', 'pass']

/** The criteria as a table, what stands in the way first. Everything in it is inert text. */
export const showCriteria = (criteria: readonly Criterion[]): string => {
  const rows = [...criteria].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state)).map(row)
  return markdownTable([['', 'criterion', 'observed', 'threshold', 'evidence', 'remedy', 'owner'], ...rows])
}

const row = ({
  state,
  text,
  observed,
  operator,
  threshold,
  evidence,
  remedy,
  owner,
  reason,
}: Criterion): string[] => [
  `${marks[state]} ${state}`,
  inline(text),
  observed === null ? '*not observed*' : inline(String(observed)),
  operator === 'exists' ? inline(String(threshold)) : inline(`${operator} ${threshold}`),
  link(evidence),
  [reason ? code(reason) : '', inline(remedy)].filter((part) => part !== '').join(' '),
  inline(owner),
]

/** Only a plain address of the web becomes a link. */
const link = (address: string): string => {
  if (address === '') return ''
  return /^https?:\/\/[^\s<>()[\]|\\"']+$/.test(address) ? `[evidence](${address})` : inline(address)
}
