import { Temporal } from 'temporal-polyfill'
import { cut } from '../text/visible.ts'
import { showClock, zoned } from './moment.ts'
import type { Timeline } from './timeline.ts'

/**
 * A name that means nothing to Mermaid or Markdown: letters, digits and plain punctuation only, and never a word of the
 * diagram's language at the beginning.
 */
const inert = (text: string): string => {
  const plain = cut(text, 80)
    .replace(/[^\p{L}\p{M}\p{N} .,()/+_–−-]/gu, ' ')
    .replace(/--+/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
  return plain === '' ? 'unnamed' : `· ${plain}`
}

/** The timeline as a Mermaid Gantt chart in a fenced block, in local time of its zone. */
export const ganttChart = (timeline: Timeline, title: string): string => {
  const { milestones, tasks, window, zone } = timeline
  const local = (instant: string) => {
    const at = zoned(instant, zone)
    return `${at.toPlainDate()} ${showClock(at)}`
  }
  const minutes = (from: string, to: string) =>
    Math.max(1, Math.round(Temporal.Instant.from(from).until(Temporal.Instant.from(to)).total('minutes')))
  const line = (name: string, tags: readonly string[], start: string, length: string) =>
    `    ${inert(name)} :${[...tags, local(start), length].join(', ')}`
  return [
    '```mermaid',
    'gantt',
    `    title ${inert(`${title} (${zone})`).slice(2)}`,
    '    dateFormat YYYY-MM-DD HH:mm',
    '    axisFormat %d %b',
    '    section Milestones',
    ...milestones.map((each, index) =>
      line(`${each.name} ${each.offset}`, ['milestone', `m${index}`], each.at, '0d'),
    ),
    '    section Tasks',
    ...tasks.map((each, index) =>
      line(
        `${each.name} (${each.owner})`,
        [...(each.critical ? ['crit'] : []), `t${index}`],
        each.start,
        `${minutes(each.start, each.due)}m`,
      ),
    ),
    '    section Window',
    line('Release window', ['active', 'w0'], window.start, `${minutes(window.start, window.end)}m`),
    '```',
  ].join('\n')
}
