import { effectBehind, type InstanceEffect } from './comparison.ts'
import { addToStarts, type Grid, mixtureOf, PER_NAT } from './grid.ts'
import { type Counts, excessOver } from './likelihood.ts'
import { studentCdf } from './student.ts'

/** Evidence of an additive excess. One node per alternative (`excesses`, in margins) and instance effect. */
export type ExcessEvidence = {
  excesses: number[]
  around: number | null
  negativeBinomial: Grid[]
  poisson: Grid[]
}

/** Alternatives in margins, and instance effects in log ratio; an effect between two counts as the nearer one. */
const usual = [1, 1.75, 3, 5, 8.5, 15]
/** Where those are small beside the rate, each further alternative is so many times the one before. */
const FURTHER = 1.75
const effects = [0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.65, 0.9, 1.25, 1.7, 2.3, 3.2]

/** Share of the prior that all further alternatives have together, so that they hardly weaken the usual ones. */
const FURTHER_SHARE = 0.2

/** Jeffreys' prior of a Poisson rate, per log rate. */
function jeffreys(excesses: readonly number[]): number[] {
  const roots = excesses.map(Math.sqrt)
  const sum = roots.reduce((all, one) => all + one, 0)
  return roots.map((root) => root / sum)
}

function priorOf(excesses: readonly number[]): number[] {
  const further = excesses.slice(usual.length)
  const share = further.length > 0 ? FURTHER_SHARE : 0
  return [...jeffreys(usual).map((one) => (1 - share) * one), ...jeffreys(further).map((one) => share * one)]
}

/** No evidence yet; the alternatives reach up to an excess of `most`, a rate. */
export function openExcess(margin: number, most: number, around: number | null): ExcessEvidence {
  const excesses = [...usual]
  for (let last = excesses.at(-1) ?? 1; last * margin < most; last = excesses.at(-1) ?? most)
    excesses.push(last * FURTHER)
  return { excesses, around, negativeBinomial: [], poisson: [] }
}

/** The same alternatives, with nothing seen. */
export function emptiedExcess({ excesses, around }: ExcessEvidence): ExcessEvidence {
  return { excesses, around, negativeBinomial: [], poisson: [] }
}

/** What one look says, by node. */
export type ExcessLook = { negativeBinomial: number[]; poisson: number[] }

export function excessLook(
  { excesses }: ExcessEvidence,
  counts: Counts,
  margin: number,
  { rate, dispersion }: { rate: number; dispersion: number },
): ExcessLook {
  const nodes = (clumps: number, power: number) =>
    excesses.flatMap((times) =>
      effects.map((effect) => {
        const bound = { allowed: margin / 2, times: Math.exp(effect) }
        return excessOver(counts, rate, times * margin, bound, clumps) * power
      }),
    )
  return { negativeBinomial: nodes(dispersion, 1), poisson: nodes(1, 1 / dispersion) }
}

/** The evidence with look number `look` added. */
export function addToExcess(evidence: ExcessEvidence, one: ExcessLook, look: number): ExcessEvidence {
  return {
    ...evidence,
    negativeBinomial: addToStarts(evidence.negativeBinomial, one.negativeBinomial, look),
    poisson: addToStarts(evidence.poisson, one.poisson, look),
  }
}

/**
 * E-value against the release by an absolute margin.
 *
 * Null hypothesis: the canary's rate is at most the stable's times a constant Student-t instance effect on the log
 * scale, plus half the margin, for any course of the stable rate.
 * Guarantee and conditions: as `rollbackEvidence`. Source: `excessOver`, mixed over excesses and change points; the
 * instance effect is mixed into the null hypothesis of each alternative.
 */
export function excessEvidence(
  { excesses, around, negativeBinomial, poisson }: ExcessEvidence,
  effect: InstanceEffect,
): number {
  const prior = priorOf(excesses)
  const upTo = effects.map((at, i) =>
    i === effects.length - 1
      ? 1
      : studentCdf(effectBehind((at + (effects[i + 1] ?? at)) / 2, around) / effect.scale, effect.freedom),
  )
  const weights = upTo.map((share, i) => share - (upTo[i - 1] ?? 0))
  const value = (grid: Grid) => {
    let sum = 0
    for (const [a] of excesses.entries()) {
      let inverse = 0
      // What has no weight may speak without bound.
      for (const [z, weight] of weights.entries())
        if (weight > 0) inverse += weight * Math.exp(-(grid[a * effects.length + z] ?? 0) / PER_NAT)
      sum += (prior[a] ?? 0) / Math.max(inverse, 1e-300)
    }
    return sum
  }
  return Math.min(mixtureOf(negativeBinomial, value), mixtureOf(poisson, value))
}
