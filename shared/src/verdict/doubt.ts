import type { Comparison, InstanceEffect } from './comparison.ts'
import { countsIn, type JournalEntry, looksOf, rollbackOf } from './journal.ts'
import { type RollbackEvidence, rollbackEvidence } from './rollback-evidence.ts'

/**
 * Chance that trouble of a kind that no instance has shown yet befalls the canary, as far as it exceeds the false rollbacks
 * that are allowed anyway: whatever befalls one instance for a while befalls each of them alike, so the first time of it
 * hits the canary with its share of the instance time seen so far, the history included. 1 in 11 beside ten instances
 * without history, 1 in 41 for ten minutes after half an hour of it.
 *
 * @param served instance seconds of each arm
 */
export function unseenShare({ canary, stable }: { canary: number; stable: number }, alpha: number): number {
  return canary > 0 ? Math.max(0, canary / (canary + stable) - alpha) : 0
}

/** Trouble that comes and goes is reckoned with up to so many looks. */
const LONGEST_SPELL = 3

/**
 * Evidence against as it reads with what is known by now. Early looks were judged with the little that was known of noise
 * then, and what they said would stay; here every look is judged with the dispersion of the journal that is passed in
 * (`atLeastDispersed`), and with the doubt whether its worst spell, of one to three looks, was an instance's own trouble.
 */
export function readAgain(
  journal: readonly JournalEntry[],
  comparison: Comparison,
  opened: RollbackEvidence,
  effect: InstanceEffect,
  unseen: number,
): number {
  const looks = looksOf(journal, comparison, opened)
  const evidenceOf = (some: typeof looks) => rollbackEvidence(rollbackOf(some, opened), effect)
  const whole = evidenceOf(looks)
  if (unseen === 0) return whole
  const over = journal.map((entry) => {
    const { canaryEvents, canaryTotal, stableEvents, stableTotal } = countsIn(entry)
    const share = canaryTotal / Math.max(canaryTotal + stableTotal, 1)
    return comparison.worse * (canaryEvents - (canaryEvents + stableEvents) * share)
  })
  let rest = whole
  for (let length = 1; length <= LONGEST_SPELL; length++) {
    const from = worstSpell(over, length)
    rest = Math.min(rest, evidenceOf(looks.filter((_, at) => at < from || at >= from + length)))
  }
  return doubted({ whole, rest }, unseen)
}

/** Where the `length` neighbours begin whose sum is largest. */
function worstSpell(over: readonly number[], length: number): number {
  let worst = { from: 0, sum: Number.NEGATIVE_INFINITY }
  for (const from of over.keys()) {
    const sum = over.slice(from, from + length).reduce((all, one) => all + one, 0)
    if (sum > worst.sum) worst = { from, sum }
  }
  return worst.from
}

/**
 * E-value against a release where, with chance `share`, one spell of the canary says nothing because the trouble was an
 * instance's own: the harmonic mean of the evidence with and without that spell, weighted by their chances.
 * It is a likelihood ratio whose null hypothesis is the mixture of both cases: 1 / e is the null hypothesis over the
 * alternative, and those add.
 */
export function doubted({ whole, rest }: { whole: number; rest: number }, share: number): number {
  return 1 / ((1 - share) / Math.max(whole, 1e-300) + share / Math.max(rest, 1e-300))
}
