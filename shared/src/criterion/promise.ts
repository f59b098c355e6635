import { readCriterion } from './read-criterion.ts'
import type { CriterionFault, WrittenCriterion } from './written-criterion.ts'

/** What of a declared check matters to a criterion about it. */
export type PromisedCheck = {
  name: string
  kind: string
  direction?: 'lower-is-better' | 'higher-is-better' | undefined
  margins?: readonly number[] | undefined
  ceiling?: number | undefined
}

/**
 * A criterion as the judge tests it. `compared` holds it to the baseline by a margin in `unit`, `limit` to a fixed
 * figure. Shares: 0.001 is 0.1 percentage point; `slower` and `relative`: 0.2 is a fifth.
 */
export type Promised =
  | {
      is: 'compared'
      check: string
      text: string
      unit: 'share' | 'relative' | 'slower'
      margin: number
      quantile: number | null
    }
  | { is: 'limit'; check: string; text: string; ceiling: number }

/** A fault of the criterion at `index` of the list, at a character of its text. */
export type PromiseFault = CriterionFault & { index: number }

/** What written criteria promise of declared checks, and every fault at once. `near` finds the word that was meant. */
export const promisesOf = (
  texts: readonly string[],
  checks: readonly PromisedCheck[],
  near: (word: string, known: readonly string[]) => string | undefined = () => undefined,
): { promises: Promised[]; faults: PromiseFault[] } => {
  const promises: Promised[] = []
  const faults: PromiseFault[] = []
  for (const [index, text] of texts.entries()) {
    const written = readCriterion(text)
    const answer = 'message' in written ? written : promiseOf(written, checks, near)
    if ('message' in answer) {
      faults.push({ ...answer, index })
      continue
    }
    const twice = promises.find(
      (one) => one.check === answer.check && one.is === answer.is && quantileOf(one) === quantileOf(answer),
    )
    if (twice)
      faults.push({
        index,
        at: 0,
        message: `${answer.check} is promised twice: ${JSON.stringify(twice.text)} says it already`,
      })
    else promises.push(answer)
  }
  return { promises, faults }
}

/** Of a latency without one it is p99. One check may be held to several. */
const quantileOf = (promise: Promised): number =>
  promise.is === 'compared' ? (promise.quantile ?? usualQuantile) : 0

/** What a latency is held to where no quantile is written, and the lowest that can be judged. */
export const usualQuantile = 0.99
const lowest = 0.5

const promiseOf = (
  written: WrittenCriterion,
  checks: readonly PromisedCheck[],
  near: (word: string, known: readonly string[]) => string | undefined,
): Promised | CriterionFault => {
  const check = findCheck(written, checks, near)
  if ('message' in check) return check
  const { text, quantile, side, bound, at } = written
  const wrong = (message: string): CriterionFault => ({ at: at.bound, message })
  const shown = written.check ?? check.name
  if (quantile !== null && check.kind !== 'latency')
    return { at: at.check, message: `${check.name} is a ${check.kind}; only a latency has quantiles` }
  if (quantile !== null && quantile < lowest)
    return { at: 0, message: 'only quantiles from p50 to p99.9 can be judged; write for example p99' }
  const higher = check.direction === 'higher-is-better'
  if ((side === 'above') !== higher)
    return {
      at: 0,
      message: higher
        ? `of ${shown} more is better; write ${shown} > …`
        : `of ${shown} less is better; write ${shown} < …`,
    }
  const compares = bound.is === 'times' || bound.is === 'plus'
  if (compares && check.margins !== undefined)
    return wrong(`${check.name} has margins of its own; keep either them or this criterion`)
  const worse = higher ? -1 : 1
  switch (bound.is) {
    case 'times': {
      const margin = Number((worse * (bound.times - 1)).toPrecision(9))
      if (margin === 0)
        return wrong('no change at all can never be proven; leave some room, such as 1.05 × baseline')
      if (margin < 0)
        return wrong(
          `this asks the new version to be better than the baseline; write ${higher ? 'less' : 'more'} than 1 × baseline`,
        )
      if (higher && margin >= 1)
        return wrong('a fall of everything cannot be excluded; write more than 0 × baseline')
      return {
        is: 'compared',
        check: check.name,
        text,
        unit: check.kind === 'latency' ? 'slower' : 'relative',
        margin,
        quantile,
      }
    }
    case 'plus': {
      if (check.kind !== 'ratio' && (check.kind !== 'rate' || higher))
        return wrong(
          `of a ${check.kind}, percentage points mean nothing; write a factor such as ${higher ? '0.95' : '1.2'} × baseline`,
        )
      if (bound.points <= 0)
        return wrong('no change, or a change for the better, can never be proven; write baseline + 0.1 %')
      if (check.kind === 'ratio' && bound.points >= 1)
        return wrong('100 percentage points more limit nothing; write less, such as baseline + 0.1 %')
      return { is: 'compared', check: check.name, text, unit: 'share', margin: bound.points, quantile: null }
    }
    case 'seconds':
      return wrong(
        check.kind === 'latency'
          ? 'a latency is compared with the baseline; write a factor such as 1.2 × baseline'
          : `${check.name} is no latency; write a share such as 1 %`,
      )
    default: {
      const ceiling = bound.is === 'share' ? bound.share : bound.number
      if (check.kind === 'ratio' && bound.is === 'number')
        return wrong(`${check.name} is a share; write it with a percent sign, such as 1 %`)
      if (check.kind === 'latency')
        return wrong('a latency is compared with the baseline; write a factor such as 1.2 × baseline')
      if (!(ceiling > 0)) return wrong('a limit of 0 can never be proven; write a small one, such as 0.1 %')
      if (check.kind === 'ratio' && ceiling >= 1) return wrong('100 % limits nothing; write less')
      if (check.ceiling !== undefined)
        return wrong(`${check.name} has a ceiling of its own; keep either it or this criterion`)
      return { is: 'limit', check: check.name, text, ceiling }
    }
  }
}

const findCheck = (
  { check, quantile, text, at }: WrittenCriterion,
  checks: readonly PromisedCheck[],
  near: (word: string, known: readonly string[]) => string | undefined,
): PromisedCheck | CriterionFault => {
  const name = check ?? text.slice(at.check).match(/^[\w.-]+/)?.[0] ?? ''
  const named = checks.find((one) => one.name === name)
  if (named) return named
  const latencies = checks.filter(({ kind }) => kind === 'latency')
  if (check === null && quantile !== null) {
    if (latencies.length === 1 && latencies[0]) return latencies[0]
    const message =
      latencies.length === 0
        ? `${name} needs a check of kind latency; none is declared`
        : `${name} of which latency? Write ${name} of ${latencies.map((one) => one.name).join(` or ${name} of `)}`
    return { at: at.check, message }
  }
  const guess = near(
    name,
    checks.map((one) => one.name),
  )
  const known = checks.map((one) => one.name).join(', ')
  const hint = guess
    ? `did you mean "${guess}"?`
    : known === ''
      ? 'declare it under metrics.checks'
      : `declared: ${known}`
  return { at: at.check, message: `no check is named "${name}"; ${hint}` }
}
