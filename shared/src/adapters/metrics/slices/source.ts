import type { Arm } from './arms.ts'
import type { Ask } from './asks.ts'

/** One series of an answer: what was counted in slices of time, by the beginning of the slice in Unix seconds. */
export type SliceSeries = {
  check: string
  part: Ask['part']
  /** Upper edge in seconds of what is counted here; Infinity for all. Only of part edge. */
  edge: number | null
  arm: Arm
  instance: string
  points: Map<number, number>
  /** Slices for which something came that is no count: text, NaN, a negative number. That is not absence. */
  bad?: ReadonlySet<number>
  /** Slices that the query declares 0 because nothing came for them (of CloudWatch: "absent": 0). */
  assumed?: ReadonlySet<number>
}

export type SliceAnswer = { series: SliceSeries[]; notes: string[] }

/**
 * A vendor that counts in slices of its own. `read` answers for the slices in [from, to), both multiples of `interval`;
 * it throws one sentence when the vendor does not answer as it should. `delay` is when a slice is complete.
 */
export type SliceSource = {
  interval: number
  delay: number
  read(from: number, to: number, signal?: AbortSignal): Promise<SliceAnswer>
}

/** Unix seconds; dates end there, on either side (ECMA-262, 21.4.1.1). */
export const lastSecond = 8.64e12

/** The beginning of the slice that a point belongs to, given which end of its slice its time is. */
export const sliceOf = (at: number, interval: number, stamp: 'start' | 'end'): number =>
  stamp === 'start'
    ? Math.floor(at / interval + 1e-6) * interval
    : (Math.ceil(at / interval - 1e-6) - 1) * interval
