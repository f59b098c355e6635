import type { Matcher } from './series-store.ts'
import { BadData, parseDuration, type Token, tokens, unquote } from './tokens.ts'

/** What a query asks for: the part of PromQL that the rehearsal's Prometheus knows. */
export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'selector'; matchers: Matcher[] }
  | { kind: 'range'; matchers: Matcher[]; milliseconds: number }
  | { kind: 'sum'; labels: string[]; without: boolean; of: Expression }
  | { kind: 'rate'; perSecond: boolean; of: Extract<Expression, { kind: 'range' }> }
  | { kind: 'times'; left: Expression; right: Expression }

/** Reads a query; throws `BadData` with Prometheus' position where it is wrong or not known here. */
export function parseExpression(query: string): Expression {
  const rest = tokens(query)
  const peek = () => rest[0] as Token
  const take = () => (rest.length > 1 ? (rest.shift() as Token) : peek())
  const is = (...signs: string[]) => peek().kind === 'sign' && signs.includes(peek().text)
  const expect = (sign: string) => {
    if (!is(sign)) throw unexpected(peek(), JSON.stringify(sign))
    return take()
  }

  const product = (): Expression => {
    let left = operand()
    while (is('*')) {
      const at = take()
      const right = operand()
      if (left.kind === 'range' || right.kind === 'range') {
        throw new BadData(
          `1:${at.at + 1}: parse error: binary expression must contain only scalar and instant vector types`,
        )
      }
      left = { kind: 'times', left, right }
    }
    return left
  }

  const operand = (): Expression => {
    const token = peek()
    if (token.kind === 'number') return { kind: 'number', value: Number(take().text) }
    if (is('(')) return parenthesis()
    if (is('{')) return selector(null)
    if (token.kind !== 'name') throw unexpected(token)
    take()
    if (token.text === 'sum') return sum()
    if (!is('(')) return selector(token)
    if (token.text === 'rate' || token.text === 'increase') return rate(token)
    throw new BadData(
      `1:${token.at + 1}: parse error: unknown function with name ${JSON.stringify(token.text)} (the rehearsal's Prometheus has sum, rate and increase)`,
    )
  }

  const parenthesis = (): Expression => {
    expect('(')
    const inner = product()
    expect(')')
    return inner
  }

  const grouping = (): { labels: string[]; without: boolean } | null => {
    const { kind, text } = peek()
    if (kind !== 'name' || (text !== 'by' && text !== 'without')) return null
    take()
    return { labels: list(), without: text === 'without' }
  }

  const list = (): string[] => {
    const labels: string[] = []
    expect('(')
    while (!is(')')) {
      if (peek().kind !== 'name') throw unexpected(peek(), 'label')
      labels.push(take().text)
      if (!is(')')) expect(',')
    }
    expect(')')
    return labels
  }

  const sum = (): Expression => {
    const before = grouping()
    const { at } = peek()
    const of = parenthesis()
    if (of.kind === 'range' || of.kind === 'number') {
      const type = of.kind === 'range' ? 'range vector' : 'scalar'
      throw new BadData(
        `1:${at + 1}: parse error: expected type instant vector in aggregation expression, got ${type}`,
      )
    }
    const { labels, without } = before ?? grouping() ?? { labels: [], without: false }
    return { kind: 'sum', labels, without, of }
  }

  const rate = ({ text, at }: Token): Expression => {
    const of = parenthesis()
    if (of.kind === 'range') return { kind: 'rate', perSecond: text === 'rate', of }
    throw new BadData(
      `1:${at + 1}: parse error: expected type range vector in call to function ${JSON.stringify(text)}, got ${of.kind === 'number' ? 'scalar' : 'instant vector'}`,
    )
  }

  const selector = (name: Token | null): Expression => {
    const { at } = name ?? peek()
    const matchers: Matcher[] = []
    if (name !== null) matchers.push(matcher('__name__', '=', name.text, name))
    if (is('{')) {
      take()
      while (!is('}')) {
        const label = take()
        const sign = peek()
        if (label.kind !== 'name') throw unexpected(label, 'identifier')
        if (!is('=', '!=', '=~', '!~')) throw unexpected(sign, 'label matching operator')
        take()
        if (peek().kind !== 'string') throw unexpected(peek(), 'string')
        const value = take()
        matchers.push(matcher(label.text, sign.text, unquote(value.text), value))
        if (!is('}')) expect(',')
      }
      take()
    }
    if (matchers.every(({ matches }) => matches(''))) {
      throw new BadData(
        `1:${at + 1}: parse error: vector selector must contain at least one non-empty matcher`,
      )
    }
    if (!is('[')) return { kind: 'selector', matchers }
    take()
    const duration = peek()
    const milliseconds = duration.kind === 'duration' ? parseDuration(take().text) : null
    if (milliseconds === null || milliseconds === 0) throw unexpected(duration, 'duration')
    expect(']')
    return { kind: 'range', matchers, milliseconds }
  }

  if (peek().kind === 'end') throw new BadData('unknown position: parse error: no expression found in input')
  const expression = product()
  if (peek().kind !== 'end') throw unexpected(peek())
  return expression
}

function matcher(label: string, sign: string, value: string, { at }: Token): Matcher {
  if (sign === '=') return { label, matches: (text) => text === value }
  if (sign === '!=') return { label, matches: (text) => text !== value }
  let pattern: RegExp
  try {
    pattern = new RegExp(`^(?:${value})$`, 'u')
  } catch (error) {
    throw new BadData(`1:${at + 1}: parse error: error parsing regexp: ${(error as Error).message}`)
  }
  const wanted = sign === '=~'
  return { label, matches: (text) => pattern.test(text) === wanted }
}

function unexpected({ text, kind, at }: Token, wanted?: string): BadData {
  const found = kind === 'end' ? 'end of input' : `${kind} ${JSON.stringify(text)}`
  return new BadData(
    `1:${at + 1}: parse error: unexpected ${found}${wanted === undefined ? '' : `, expected ${wanted}`}`,
  )
}
