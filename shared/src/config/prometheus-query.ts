/** The queries of a check. */
export type Asked = {
  kind: 'ratio' | 'rate' | 'latency' | 'value'
  total?: string | undefined
  events?: string | undefined
  histogram?: string | undefined
  value?: string | undefined
}

/** A name with or without matchers: `http_request_duration_seconds{job="x"}`. */
export const histogramSelector = /^\s*([A-Za-z_:][A-Za-z0-9_:]*)\s*(\{[\s\S]*\})?\s*$/

/** Functions whose answer is no running total any more. */
const differences = /\b(rate|irate|increase|delta|idelta|deriv)\s*\(/
const quoted = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g
const pairs: Record<string, string> = { ')': '(', '}': '{', ']': '[' }

/**
 * What is wrong with the queries of a check that Prometheus is asked, each sentence with its fix. Only what can never be
 * meant: whether a series is there, the provider alone knows.
 */
export const prometheusFaults = (check: Asked): string[] =>
  (['total', 'events', 'histogram', 'value'] as const).flatMap((key) => {
    const query = check[key]
    if (!query) return []
    const plain = query.replace(quoted, '""')
    const open = unclosed(plain)
    if (open !== null) return [`${key}: ${open}`]
    if (key === 'histogram' && !histogramSelector.test(query))
      return [
        'histogram: write a name with or without matchers, like http_request_duration_seconds{job="x"}; buckets are counted here, quantiles prove nothing',
      ]
    const [, called] = (key === 'value' ? null : differences.exec(plain)) ?? []
    return called
      ? [`${key}: leave ${called}(…) away and write the raw counter; differences are taken here`]
      : []
  })

/** The first bracket or quotation mark without a partner, in words; null when each has one. `plain` is without strings. */
const unclosed = (plain: string): string | null => {
  const rest = plain.replaceAll('""', '')
  const mark = /["'`]/.exec(rest)
  if (mark) return `a ${mark[0]} is never closed`
  const open: string[] = []
  for (const [letter] of rest.matchAll(/[(){}[\]]/g)) {
    const partner = pairs[letter]
    if (!partner) open.push(letter)
    else if (open.pop() !== partner) return `a ${letter} closes nothing`
  }
  const last = open.pop()
  return last === undefined ? null : `a ${last} is never closed`
}
