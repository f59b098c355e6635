/** What an objective wants of its metric; `limit` in the base unit: a share of 1, seconds, or the metric's own. */
export type Wanted = {
  quantile: 'p50' | 'p95' | 'p99' | null
  side: 'below' | 'above'
  limit: number
  unit: '%' | 's' | ''
}

const shape = /^(?:(p50|p95|p99) )?([<>]) ?(\d{1,12}(?:\.\d{1,6})?) ?(%|ms|s)?$/

/** Reads `< 0.5 %`, `p95 < 300 ms`, `> 120`; null for anything else. */
export const readWanted = (text: string): Wanted | null => {
  const match = shape.exec(text.trim().replace(/\s+/g, ' '))
  if (!match) return null
  const [, quantile, sign, digits, unit] = match
  const scale = unit === '%' ? 0.01 : unit === 'ms' ? 0.001 : 1
  return {
    quantile: (quantile as Wanted['quantile'] | undefined) ?? null,
    side: sign === '<' ? 'below' : 'above',
    limit: Number(digits) * scale,
    unit: unit === 'ms' || unit === 's' ? 's' : unit === '%' ? '%' : '',
  }
}
