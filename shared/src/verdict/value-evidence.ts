import { addBaseline, type Baseline } from './baseline.ts'
import { besideArms, type InstanceEffect } from './comparison.ts'
import { addToStarts, type Grid, mixtureOf, PER_NAT } from './grid.ts'
import { tailFreedom } from './instance-counts.ts'
import { normalCdf, studentCdf, studentQuantile } from './student.ts'
import { addValueNoise, estimateValueNoise, noValues, type ValueSums } from './value-noise.ts'

/**
 * What is remembered of plain values (gauges: saturation, averages). The shift is how much worse the canary's mean is, as
 * a share of the baseline; `starts` hold its precision-weighted sum and its precision, once per change point.
 */
export type ValueEvidence = {
  margin: number
  looks: number
  baseline: Baseline
  noise: ValueSums
  canaries: number
  stables: number
  starts: Grid[]
}

/** Values of an arm's instances in one look. */
export type ValueLook = {
  canary: readonly { instance: string; value: number }[]
  stable: readonly { instance: string; value: number }[]
  seconds: number
}

/** The largest change looked for, in margins. */
const LARGEST = 16
/** Edges, in scales of the instance effect, between which its distribution is taken as even. */
const CELLS = [0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 7, 10, 20, 100, 1000]

/** No evidence yet; rollback is measured against the smallest margin. */
export function openValues(margins: readonly number[]): ValueEvidence {
  const noise = noValues()
  const baseline = { total: 0, events: 0 }
  const margin = Math.min(...margins)
  return { margin, looks: 0, baseline, noise, canaries: 0, stables: 0, starts: [] }
}

/**
 * One look. Baseline and noise come from before it; the first look without history, and looks of one arm alone, only
 * teach. `worse` is +1 where larger values are worse, else -1.
 */
export function addValues(
  evidence: ValueEvidence,
  look: ValueLook,
  worse: 1 | -1,
  assume: number,
): ValueEvidence {
  const { canary, stable, seconds } = look
  const { baseline, noise, margin, looks } = evidence
  const mean = stable.length > 0 ? average(stable) : null
  const level = baseline.total > 0 ? baseline.events / baseline.total : Math.abs(mean ?? 0)
  const share = (value: number) => (level > 0 ? value / level : 0)
  const taught =
    mean === null
      ? evidence
      : {
          ...evidence,
          baseline: addBaseline(baseline, { total: 1, events: Math.abs(mean) }, seconds),
          noise: addValueNoise(
            noise,
            stable.map(({ instance, value }) => ({ instance, share: share(value) })),
          ),
        }
  if (canary.length === 0 || mean === null || baseline.total === 0) return taught
  const most = 2 * LARGEST * margin
  const change = worse * (average(canary) - mean)
  const raw = level > 0 ? change / level : Math.sign(change) * most
  const by = Math.min(most, Math.max(-most, raw))
  const { fast } = estimateValueNoise(noise, assume)
  const precision = 1 / (fast * (1 / canary.length + 1 / stable.length))
  return {
    ...taught,
    looks: looks + 1,
    canaries: Math.max(evidence.canaries, canary.length),
    stables: Math.max(evidence.stables, stable.length),
    starts: addToStarts(evidence.starts, [by * precision, precision], looks),
  }
}

/**
 * E-value that the canary's values are worse.
 *
 * Null hypothesis: the mean of the canary's values is worse than the stable's by at most half the smallest margin, beside
 * a Student-t instance effect that is constant over the rollout.
 * Guarantee: reaches 1/alpha with chance at most alpha under the null, however often one looks (Ville 1939), for means of
 * looks that are about normal; conditional on the variances, which are learnt from the stable instances before each look.
 * The judge takes the smaller of this and `betEvidence`, which needs no distribution: a few wild values decide nothing.
 * Source: likelihood ratio of a uniform mixture over shifts, Robbins 1970; change points as in `mixtureOf`.
 */
export function worseValues(evidence: ValueEvidence, assume: number, armSpread: number): number {
  const { margin, starts, noise } = evidence
  if (starts.length === 0) return 1
  const { spread, freedom } = estimateValueNoise(noise, assume)
  const effect = effectOf(evidence, { spread, freedom }, armSpread)
  return mixtureOf(starts, (grid) => {
    const { shift, variance } = seen(grid)
    const at = Math.min(shift, LARGEST * margin)
    const above = even(margin, LARGEST * margin, at, variance)
    return above / Math.max(halfStudent(margin / 2, 1, effect, at, variance), 1e-300)
  })
}

/**
 * E-value that the canary's values are worse by less than `margin`.
 *
 * Null hypothesis: worse by the margin or more, beside an instance effect as the stable instances show it (three or more
 * of them; of fewer nothing is known, and what is proven holds for these instances as they run).
 * Guarantee and source: as `worseValues`.
 */
export function valuesWithin(evidence: ValueEvidence, margin: number, assume: number): number {
  const [whole] = evidence.starts
  if (!whole) return 1
  const effect = effectSeen(evidence, assume)
  const { shift, variance } = seen(whole)
  const at = Math.max(shift, 0)
  return (
    halfStudent(0, 1, effect, at, variance) / Math.max(halfStudent(margin, -1, effect, at, variance), 1e-300)
  )
}

/** Whether instances differ so much that no number of looks proves the margin. */
export function valuesUnprovable(
  evidence: ValueEvidence,
  margin: number,
  assume: number,
  wanted: number,
): boolean {
  const { scale, freedom } = effectSeen(evidence, assume)
  return scale > 0 && studentCdf(-margin / scale, freedom) * wanted > 0.5
}

/** How much worse the canary is, as a share of the baseline, with an interval that holds at all looks together. */
export function valueShift(evidence: ValueEvidence, assume: number, alpha: number) {
  const [whole] = evidence.starts
  if (!whole) return null
  const { shift, variance } = seen(whole)
  const { spread, freedom } = estimateValueNoise(evidence.noise, assume)
  const effect = effectOf(evidence, { spread, freedom }, 0)
  // Normal-mixture confidence sequence (Robbins 1970; Howard et al. 2021), tightest where it is half a margin wide.
  const tightest = 4 / evidence.margin ** 2
  const sum = 1 / variance + tightest
  const sampling = variance * Math.sqrt(sum * Math.log(sum / (tightest * (alpha / 2) ** 2)))
  const width = sampling + effect.scale * studentQuantile(1 - alpha / 4, effect.freedom)
  return { shift, low: shift - width, high: shift + width }
}

function effectSeen(evidence: ValueEvidence, assume: number): InstanceEffect {
  return effectOf(evidence, estimateValueNoise(evidence.noise, assume).seen ?? { spread: 0, freedom: 4 }, 0)
}

function effectOf(
  { canaries, stables }: ValueEvidence,
  { spread, freedom }: { spread: number; freedom: number },
  armSpread: number,
): InstanceEffect {
  const parts = 1 / Math.max(canaries, 1) + 1 / Math.max(stables, 1)
  const own = Math.min(freedom, tailFreedom(Math.max(canaries, 1)))
  return besideArms({ variance: spread * parts, freedom: own }, armSpread)
}

function seen([weighted = 0, precision = 0]: Grid): { shift: number; variance: number } {
  const known = Math.max(precision, 1)
  return { shift: weighted / known, variance: PER_NAT / known }
}

/** Mean likelihood of a shift seen `at` with `variance`, over true shifts spread evenly from `low` to `high`. */
function even(low: number, high: number, at: number, variance: number): number {
  const deviation = Math.sqrt(variance)
  if (high - low < 1e-9 * deviation) return Math.exp(-((at - low) ** 2) / (2 * variance))
  // On the side of the tails, where differences are exact.
  const [near, far] = low > at ? [at - low, at - high] : [high - at, low - at]
  const mass = normalCdf(near / deviation) - normalCdf(far / deviation)
  return (Math.max(mass, 0) * deviation * Math.sqrt(2 * Math.PI)) / (high - low)
}

/** The same over an instance effect from `from` in one direction; the half of it that lies the other way counts at `from`. */
function halfStudent(
  from: number,
  direction: 1 | -1,
  { scale, freedom }: InstanceEffect,
  at: number,
  variance: number,
): number {
  const point = Math.exp(-((at - from) ** 2) / (2 * variance))
  if (scale === 0) return point
  let sum = point / 2
  for (const [index, edge] of CELLS.entries()) {
    const next = CELLS[index + 1]
    if (next === undefined) break
    const mass = studentCdf(-edge, freedom) - studentCdf(-next, freedom)
    const ends = [from + direction * edge * scale, from + direction * next * scale]
    sum += mass * even(Math.min(...ends), Math.max(...ends), at, variance)
  }
  return sum
}

function average(values: readonly { value: number }[]): number {
  return values.reduce((sum, { value }) => sum + value / values.length, 0)
}
