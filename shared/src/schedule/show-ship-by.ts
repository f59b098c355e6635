import { inline } from '../text/escape-markdown.ts'
import type { ReleaseSchedule } from './release-schedule.ts'

type ShipBy = NonNullable<ReleaseSchedule['shipBy']>
type Named = ReadonlyArray<{ id: string; name: string }>

/** A release that is asked for by a date (P11), in one paragraph of Markdown; `tasks` give the names. */
export const showShipBy = (shipBy: ShipBy, tasks: Named): string =>
  `Asked for by ${shipBy.deadline.slice(0, 16).replace('T', ' ')} UTC: ${inline(shipBy.reasons.join('; '), 500)}. ${showWork(shipBy, tasks)}`

/** What can run side by side, what cannot be skipped and what may be, in sentences of Markdown. */
export const showWork = ({ parallel, cannotSkip, maySkip }: ShipBy, tasks: Named): string => {
  const names = new Map(tasks.map(({ id, name }) => [id, name]))
  const list = (ids: readonly string[], between = ', ') => ids.map((id) => names.get(id) ?? id).join(between)
  const side = parallel.filter((group) => group.length > 1).map((group) => list(group, ' and '))
  const saving = maySkip.filter(({ saves }) => saves > 0)
  const idle = maySkip.filter(({ saves }) => saves <= 0).map(({ id }) => id)
  const may = [
    ...saving.map(({ id, saves }) => `${list([id])} (saves ${saves} h)`),
    ...(idle.length > 0 ? [`${list(idle)} (the release is no sooner without)`] : []),
  ]
  return [
    ...(side.length > 0 ? [`Side by side: ${inline(side.join('; '), 600)}.`] : []),
    `Not to be skipped: ${inline(list(cannotSkip), 600)}.`,
    ...(may.length > 0 ? [`May be skipped: ${inline(may.join(', '), 600)}.`] : []),
  ].join(' ')
}
