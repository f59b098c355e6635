/** A wrong query or parameter; Prometheus answers 400 `bad_data`. */
export class BadData extends Error {}

export interface Token {
  kind: 'name' | 'number' | 'string' | 'duration' | 'sign' | 'end'
  text: string
  /** Counted from 0. */
  at: number
}

const patterns: [Token['kind'] | 'space', RegExp][] = [
  ['space', /(?:\s|#[^\n]*)+/y],
  ['duration', /(?:\d+(?:ms|[smhdwy]))+/y],
  ['number', /(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)/y],
  ['name', /[a-zA-Z_:][a-zA-Z0-9_:]*/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y],
  ['sign', /=~|!~|!=|[(){}[\],=*]/y],
]

/** Cuts a query into tokens; the last one is `end`. */
export function tokens(query: string): Token[] {
  const found: Token[] = []
  let at = 0
  while (at < query.length) {
    const token = next(query, at)
    if (token === null) {
      throw new BadData(
        `1:${at + 1}: parse error: unexpected character: ${JSON.stringify(query[at])} (the rehearsal's Prometheus reads selectors, sum, rate, increase and *)`,
      )
    }
    at += token.text.length
    if (token.kind !== 'space') found.push(token as Token)
  }
  return [...found, { kind: 'end', text: '', at }]
}

function next(query: string, at: number): { kind: Token['kind'] | 'space'; text: string; at: number } | null {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at
    const match = pattern.exec(query)
    if (match !== null) return { kind, text: match[0], at }
  }
  return null
}

const milliseconds: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
}

/** A duration such as `5s` or `1m30s` in milliseconds; null where it is none. */
export function parseDuration(text: string): number | null {
  if (!/^(?:\d+(?:ms|[smhdwy]))+$/.test(text)) return null
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (milliseconds[unit ?? ''] ?? 0),
    0,
  )
}

/** The text of a string token without its quotes and escapes. */
export function unquote(text: string): string {
  const inner = text.slice(1, -1)
  if (text.startsWith('`')) return inner
  const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r' }
  return inner.replace(/\\(.)/g, (_, escaped: string) => escapes[escaped] ?? escaped)
}
