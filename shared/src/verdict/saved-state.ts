import type { JudgeState } from './judge.ts'
import { packWhole, unpackWhole } from './whole-numbers.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Shorter lists gain nothing. */
const WORTH_PACKING = 6

/**
 * A judge's state for the record: the same as its JSON, without loss, at about a third of the length. Grids are smooth,
 * so differences of their neighbours are small; names of instances are written once.
 */
export function saveJudge(state: JudgeState): string {
  const names = new Map<string, number>()
  const placed = (name: string) => {
    const place = names.get(name) ?? names.size
    names.set(name, place)
    return place
  }
  const packed = (value: Json): Json => {
    if (Array.isArray(value)) {
      if (value.length >= WORTH_PACKING && value.every(isWhole)) return { '~': packWhole(value) }
      if (value.length > 0 && value.every(isInstance)) {
        const column = (of: 'total' | 'events') => packed(value.map((one) => one[of]))
        const places = value.map(({ instance }) => placed(instance))
        return { '@': packWhole(places), total: column('total'), events: column('events') }
      }
      return value.map(packed)
    }
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, packed(inner)]))
  }
  // What JSON leaves out or changes is left out and changed first.
  const saved = packed(JSON.parse(JSON.stringify(state)))
  return JSON.stringify({ schema: 1, names: [...names.keys()], state: saved })
}

/** The state as it was saved. Throws an Error when the text is not what `saveJudge` wrote. */
export function restoreJudge(text: string): JudgeState {
  const { schema, names, state } = JSON.parse(text)
  if (schema !== 1 || !Array.isArray(names)) throw new Error('this is no state of a judge that relman saved')
  const unpacked = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(unpacked)
    if (value === null || typeof value !== 'object') return value
    const { '~': whole, '@': places, total, events } = value
    if (typeof whole === 'string') return unpackWhole(whole)
    if (typeof places === 'string') {
      const [totals, counts] = [unpacked(total ?? []), unpacked(events ?? [])] as [number[], number[]]
      return unpackWhole(places).map((place, at) => ({
        instance: names[place] ?? '',
        total: totals[at] ?? 0,
        events: counts[at] ?? 0,
      }))
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unpacked(inner)]))
  }
  return unpacked(state) as unknown as JudgeState
}

function isWhole(value: Json): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) < 2 ** 45
}

function isInstance(value: Json): value is { instance: string; total: number; events: number } {
  return (
    value !== null &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.keys(value).join() === 'instance,total,events'
  )
}
