/** What a second criterion of a check is called beside it: its limit, or a further quantile. */
export const limitOf = (check: string): string => `${check} limit`
export const quantileOf = (check: string, quantile: number): string =>
  `${check} p${Number((100 * quantile).toPrecision(6))}`

/** The check that a criterion is about. Names of checks hold no space. */
export const checkOf = (metric: string): string => metric.replace(/ (limit|p\d[\d.]*)$/, '')
