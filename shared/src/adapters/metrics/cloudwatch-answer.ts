import { z } from 'zod'
import { cut } from '../../text/visible.ts'
import type { Asked } from './cloudwatch-query.ts'
import { lastSecond, type SliceSeries, sliceOf } from './slices/source.ts'

const message = z.object({ Code: z.string().optional(), Value: z.string().optional() })
const result = z.object({
  Id: z.string(),
  Label: z.string().optional(),
  Timestamps: z.array(z.union([z.string(), z.number()])).default([]),
  Values: z.array(z.unknown()).default([]),
  StatusCode: z.string().optional(),
  Messages: z.array(message).default([]),
})

/** What `aws cloudwatch get-metric-data --output json` prints (GetMetricDataOutput of the service's model). */
export const answerSchema = z.object({
  MetricDataResults: z.array(result).default([]),
  NextToken: z.string().optional(),
  Messages: z.array(message).default([]),
})

export type Result = z.output<typeof result>
type Message = z.output<typeof message>

export const messagesOf = (messages: readonly Message[]): string[] =>
  messages.map(({ Code = '', Value = '' }) => `CloudWatch: ${cut(`${Code} ${Value}`, 200)}`)

/**
 * Series out of all pages of an answer; `asked` by identifier. What is no number, or negative where it was counted, is
 * left out and said. A percentage of requests (PR) becomes a count by the total of its slice.
 *
 * @throws Error in one sentence where a part of the data is missing: parts of counts would be compared
 */
export const seriesOf = (
  results: readonly Result[],
  asked: ReadonlyMap<string, Asked>,
  interval: number,
): { series: SliceSeries[]; notes: string[] } => {
  const notes = new Set<string>()
  const all = new Map<string, SliceSeries & { asked: Asked; bad: Set<number>; assumed: Set<number> }>()
  for (const [key, one] of latest(results)) {
    const what = asked.get(one.Id)
    if (!what) continue
    for (const note of messagesOf(one.Messages)) notes.add(`${what.check}: ${note}`)
    refuse(what, one)
    const instance = 'Expression' in what.request && one.Label ? cut(one.Label, 120) || what.arm : what.arm
    const { check, part, edge, arm } = what
    const named = { check, part, edge, arm, instance, points: new Map<number, number>() }
    all.set(key, { ...named, bad: new Set(), assumed: new Set(), asked: what })
  }
  for (const one of results) {
    const series = all.get(keyOf(one))
    if (!series) continue
    for (const [index, stamp] of one.Timestamps.entries()) {
      const at = typeof stamp === 'number' ? stamp : Date.parse(stamp) / 1000
      const value = one.Values[index]
      const isNumber = typeof value === 'number' && Number.isFinite(value) && Math.abs(at) <= lastSecond
      const slice = sliceOf(at, interval, 'start')
      if (isNumber && (value >= 0 || series.part === 'value')) series.points.set(slice, value)
      else {
        if (Math.abs(at) <= lastSecond) series.bad.add(slice)
        notes.add(
          `${series.check}: CloudWatch answered with ${cut(JSON.stringify(value ?? null), 40)}, which is no count`,
        )
      }
    }
  }
  const totals = [...all.values()].filter(({ part }) => part === 'total')
  const totalOf = ({ check, arm, instance }: SliceSeries) =>
    totals.find((one) => one.check === check && one.arm === arm && one.instance === instance)?.points ??
    new Map<number, number>()
  for (const series of all.values()) {
    if (series.asked.percent) {
      const total = totalOf(series)
      series.points = new Map(
        [...series.points].map(([at, share]) => [at, ((total.get(at) ?? 0) * share) / 100]),
      )
    }
    if (series.asked.absentIsZero) {
      for (const at of totalOf(series).keys())
        if (!series.points.has(at) && !series.bad.has(at)) {
          series.points.set(at, 0)
          series.assumed.add(at)
        }
    }
  }
  return { series: [...all.values()].map(({ asked: _, ...series }) => series), notes: [...notes] }
}

const keyOf = ({ Id, Label = '' }: Result): string => `${Id}\n${Label}`

/** Of each series its last page, which has the final word on its status. */
const latest = (results: readonly Result[]): Map<string, Result> =>
  new Map(results.map((one) => [keyOf(one), one]))

const refuse = ({ check, part }: Asked, { StatusCode = 'Complete', Messages }: Result): void => {
  if (StatusCode === 'Complete') return
  const why = messagesOf(Messages).join('; ')
  throw new Error(
    StatusCode === 'Forbidden'
      ? `CloudWatch refused ${part} of ${check} (Forbidden): the role needs cloudwatch:GetMetricData${why && `; ${why}`}`
      : `CloudWatch gave only a part of ${part} of ${check} (${cut(StatusCode, 40)})${why && `; ${why}`}`,
  )
}
