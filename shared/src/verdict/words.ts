import type { ArmFigures, MetricVerdict, VerdictValue } from './verdict.ts'

/** Odds beyond this are only "more than". */
const MOST = 1e6

const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 })

/** An e-value as odds: "1,000 to 1". Two significant digits, so that nobody reads precision into it. */
export function odds(evidence: number): string {
  if (evidence >= MOST) return `more than ${numbers.format(MOST)} to 1`
  const digits = Math.max(0, Math.floor(Math.log10(Math.max(evidence, 1))) - 1)
  const rounded = Math.floor(evidence / 10 ** digits) * 10 ** digits
  return `${numbers.format(rounded)} to 1`
}

/** Evidence of one metric in words. `wanted` and `limit` are the e-values that promote and roll back. */
export function evidenceWords(
  verdict: VerdictValue,
  evidence: { against: number; for: number },
  { wanted, limit }: { wanted: number; limit: number },
): string {
  if (verdict === 'unhealthy') return `${odds(evidence.against)} against`
  if (verdict === 'healthy') return `${odds(evidence.for)} for`
  const against =
    evidence.against >= 2 ? `${odds(evidence.against)} against, ${odds(limit)} rolls back` : null
  const proven = evidence.for >= 2 ? `${odds(evidence.for)} for, ${odds(wanted)} needed` : null
  return against && evidence.against >= evidence.for
    ? against
    : (proven ?? against ?? 'nothing either way yet')
}

/** A share as a percentage with three significant digits. */
export function percent(share: number): string {
  return `${numbers.format(Number((share * 100).toPrecision(3)))} %`
}

/** What the arms showed: "5.1 % on the canary, 0.01 % on the stable version"; plain values as they are. */
export function armWords(
  { canary, stable, kind }: Pick<MetricVerdict, 'canary' | 'stable' | 'kind'>,
  other = 'on the stable version',
): string {
  const words = ({ rate }: ArmFigures) =>
    rate === null ? 'nothing seen' : kind === 'value' ? plain(rate) : percent(rate)
  return `${words(canary)} on the canary, ${words(stable)} ${other}`
}

/** A plain value with four significant digits; it may be in any unit, so it is no share. */
export function plain(value: number): string {
  const short = Number(value.toPrecision(4))
  return short !== 0 && Math.abs(short) < 1e-6 ? String(short) : numbers.format(short)
}
