/** What a second criterion of a check is called beside it: its limit, or a further quantile. */
export const limitOf = (check: string): string => `${check} limit`
export const quantileOf = (check: string, quantile: number): string =>
  `${check} p${Number((100 * quantile).toPrecision(6))}`

/** The check that a criterion is about. Names of checks hold no space. */
export const checkOf = (metric: string): string => metric.replace(/ (limit|p\d[\d.]*)$/, '')

const kinds: Record<string, string> = {
  'latency-above-margin': 'latency',
  'business-decline': 'rate',
  'value-worse': 'value',
}

/** The check to show first where a rollout ended for this reason; null where the reason names none. */
export const checkBehind = (
  reason: string | null | undefined,
  checks: readonly { name: string; kind: string; about?: string | undefined }[],
): string | null => {
  const behind = checks.find(({ kind, about }) =>
    reason === 'dependency-failures' ? about === 'dependency' : kind === kinds[reason ?? ''],
  )
  return behind?.name ?? null
}
