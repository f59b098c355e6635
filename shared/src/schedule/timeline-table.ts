import { inline } from '../text/escape-markdown.ts'
import { showMoment } from './moment.ts'
import type { Timeline } from './timeline.ts'

/** The timeline as two Markdown tables: milestones, and tasks in order of their due date. Untrusted names are inert. */
export const timelineTable = ({ milestones, tasks, zone, text, unowned }: Timeline): string => {
  const names = new Map(tasks.map(({ id, name }) => [id, name]))
  const when = (instant: string) => showMoment(instant, zone)
  return [
    row(['Milestone', 'When', zone, 'What', 'Remark']),
    row(['---', '---', '---', '---', '---']),
    ...milestones.map((each) =>
      row([inline(each.name), each.offset, when(each.at), inline(each.what), inline(each.notes.join('; '))]),
    ),
    '',
    row(['Task', 'Owner', 'Latest start', 'Due', 'After', 'Remark']),
    row(['---', '---', '---', '---', '---', '---']),
    ...[...tasks]
      .sort((a, b) => (a.due === b.due ? 0 : a.due < b.due ? -1 : 1))
      .map((each) =>
        row([
          inline(each.name),
          inline(each.owner),
          when(each.start),
          when(each.due),
          inline(each.after.map((id) => names.get(id) ?? id).join(', ')),
          [
            each.critical ? '**critical**' : '',
            each.optional ? 'may be skipped' : '',
            each.late ? 'should have begun' : '',
          ]
            .filter((word) => word !== '')
            .join(', '),
        ]),
      ),
    '',
    inline(`${text[0]?.toUpperCase()}${text.slice(1)}.`, 1000),
    ...(unowned.length > 0
      ? ['', inline(`Nobody is named for: ${unowned.join(', ')} (schedule.owners).`, 500)]
      : []),
  ].join('\n')
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
