import { type Arm, armOf } from './arms.ts'
import type { Ask } from './asks.ts'
import { lastSecond, type SliceSeries, sliceOf } from './source.ts'

/** A series as a vendor names it. `edge` is '' where the answer tells none; a value that is no number is NaN. */
export type NamedSeries = {
  version: string
  instance: string
  edge: string
  points: readonly { at: number; value: number }[]
}

export type Placing = {
  interval: number
  stamp: 'start' | 'end'
  points: 'counts' | 'counter'
  /** What the vendor makes of the values of its labels. */
  normal?: (text: string) => string
  /** The name of the label with the version, for a sentence about its absence. */
  versionLabel: string
}

/** Series as slices of the two versions; what belongs to neither is left out, and what is odd is said once. */
export const placeSeries = (
  ask: Ask,
  all: readonly NamedSeries[],
  { interval, stamp, points, normal, versionLabel }: Placing,
): { series: SliceSeries[]; notes: string[] } => {
  const notes = new Set<string>()
  const series = all.flatMap((one): SliceSeries[] => {
    const arm: Arm | null = ask.arm ?? (one.version === '' ? null : armOf(ask.versions, one.version, normal))
    const edge = edgeOf(ask, one.edge)
    if (!arm || edge === undefined) return []
    const isBad = (value: number) => !(Number.isFinite(value) && (value >= 0 || ask.part === 'value'))
    const isRunning = points === 'counter' && ask.part !== 'value'
    const slice = (at: number) => sliceOf(at, interval, points === 'counter' ? 'end' : stamp)
    const known = one.points.filter(({ at }) => Math.abs(at) <= lastSecond)
    if (known.length < one.points.length)
      notes.add(`${ask.check}: points of a time that no clock shows are left out`)
    const good = known.filter(({ value }) => !isBad(value))
    const slices = new Map<number, number>()
    for (const { at, value } of isRunning ? increases(ask, { ...one, points: good }, notes) : good)
      slices.set(slice(at), ask.part === 'value' ? value : (slices.get(slice(at)) ?? 0) + value)
    const odd = known.filter(({ value }) => isBad(value))
    if (odd.some(({ value }) => value < 0)) notes.add(`${ask.check}: negative counts are left out`)
    const { check, part } = ask
    const placed: SliceSeries = { check, part, edge, arm, instance: one.instance || arm, points: slices }
    return [odd.length > 0 ? { ...placed, bad: new Set(odd.map(({ at }) => slice(at))) } : placed]
  })
  if (all.length > 0 && !ask.arm && all.every(({ version }) => version === ''))
    notes.add(
      `${ask.check}: the answer names no version (${versionLabel}); group the query by it, or name {{version}}`,
    )
  return { series, notes: [...notes] }
}

const edgeOf = ({ part, edge }: Ask, told: string): number | null | undefined => {
  if (part !== 'edge' || edge !== null) return edge
  if (/^\+?inf(inity)?$/i.test(told)) return Number.POSITIVE_INFINITY
  const number = Number(told)
  return told.trim() === '' || Number.isNaN(number) ? undefined : number
}

/** What a running total grew by. One that fell below half began anew; one that fell less lost something and says nothing. */
const increases = (ask: Ask, { instance, points }: NamedSeries, notes: Set<string>) => {
  const sorted = [...points].sort((a, b) => a.at - b.at)
  return sorted.flatMap(({ at, value }, index) => {
    const before = sorted[index - 1]?.value
    if (before === undefined) return []
    if (value >= before) return [{ at, value: value - before }]
    if (value <= before / 2) return [{ at, value }]
    notes.add(`${ask.check} of ${instance || 'an instance'}: its counter went backwards without a restart`)
    return []
  })
}
