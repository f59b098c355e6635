import { type Bound, type CriterionFault, forms, type WrittenCriterion } from './written-criterion.ts'

type Kind = 'name' | 'number' | 'sign' | 'end'
type Token = { kind: Kind; text: string; at: number }

const pattern =
  /\s*(?:(?<name>[A-Za-z_][\w.-]*)|(?<number>\d+(?:\.\d+)?)|(?<sign><=|>=|[<>≤≥+\-−×*%])|(?<other>\S))/gu
const longest = 200

/**
 * Reads one criterion: a check, or a quantile (`p99`, `p99 of latency`); `<` or `>` (also `<=`, `≤`, `>=`, `≥`); and what
 * it is held to. `x`, `*` and × are the same, so are `%` and `pp`.
 */
export const readCriterion = (text: string): WrittenCriterion | CriterionFault => {
  if (text.length > longest) return { at: 0, message: `a criterion has at most ${longest} characters` }
  const tokens = tokensOf(text)
  const strange = tokens.find(({ kind, text: one }) => kind === 'end' && one !== '')
  if (strange)
    return {
      at: strange.at,
      message: `${JSON.stringify(strange.text)} means nothing here; write for example ${forms}`,
    }
  let next = 0
  const peek = (ahead = 0): Token => tokens[Math.min(next + ahead, tokens.length - 1)] as Token
  const take = (): Token => {
    const token = peek()
    next += 1
    return token
  }
  const expected = (what: string): CriterionFault => {
    const { text: found, at } = peek()
    return {
      at,
      message: `${what} is expected${found === '' ? ' at the end' : `, not ${JSON.stringify(found)}`}; write for example ${forms}`,
    }
  }

  if (peek().kind !== 'name') return expected('the name of a check')
  const word = take()
  let at = word.at
  const first = word.text
  const quantile = quantileOf(first)
  let check: string | null = first
  if (quantile !== null) {
    check = null
    if (peek().text === 'of') {
      take()
      if (peek().kind !== 'name') return expected('the name of a latency check')
      at = peek().at
      check = take().text
    }
  }
  const relation = peek().text
  if (!/^[<>≤≥]=?$/.test(relation)) return expected('< or >')
  take()
  const side = /^[<≤]/.test(relation) ? 'below' : 'above'
  const boundAt = peek().at
  const bound = boundOf(take, peek)
  if (!bound) return expected('a limit such as 1 %, baseline + 0.1 % or 1.2 × baseline')
  if (peek().kind !== 'end') return expected('nothing more')
  return { text, check, quantile, side, bound, at: { check: at, bound: boundAt } }
}

const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = []
  for (const match of text.matchAll(pattern)) {
    const { name, number, sign, other } = match.groups ?? {}
    const word = name ?? number ?? sign ?? other ?? ''
    const at = match.index + match[0].length - word.length
    // `1.2x baseline` and `0.1pp` leave the letters as a name of their own.
    const kind: Kind = other ? 'end' : name ? 'name' : number ? 'number' : 'sign'
    tokens.push({ kind, text: word, at })
  }
  return [...tokens, { kind: 'end', text: '', at: text.trimEnd().length }]
}

/** `p99` → 0.99, `p999` and `p99.9` → 0.999. */
const quantileOf = (word: string): number | null => {
  const digits = /^p(\d{2,4}|\d{2}\.\d{1,2})$/.exec(word)?.[1]?.replace('.', '')
  return digits ? Number(`0.${digits}`) : null
}

const isTimes = ({ text }: Token) => ['×', '*', 'x'].includes(text)
const isBaseline = ({ text }: Token) => text === 'baseline'
const isPoints = ({ text }: Token) => text === '%' || text === 'pp'
const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1 }

/** The right side; undefined where it cannot be read, with `peek` at what is wrong. */
const boundOf = (take: () => Token, peek: (ahead?: number) => Token): Bound | undefined => {
  if (isBaseline(peek())) {
    take()
    const sign = peek().text
    if (isTimes(peek())) {
      take()
      return peek().kind === 'number' ? { is: 'times', times: Number(take().text) } : undefined
    }
    if (!['+', '-', '−'].includes(sign)) return { is: 'times', times: 1 }
    take()
    if (peek().kind !== 'number') return undefined
    const points = Number(take().text) / 100
    if (!isPoints(peek())) return undefined
    take()
    return { is: 'plus', points: sign === '+' ? points : -points }
  }
  if (peek().kind !== 'number') return undefined
  const number = Number(take().text)
  if (isTimes(peek())) {
    take()
    if (!isBaseline(peek())) return undefined
    take()
    return { is: 'times', times: number }
  }
  if (isPoints(peek())) {
    take()
    return { is: 'share', share: number / 100 }
  }
  const unit = units[peek().text]
  if (unit === undefined) return { is: 'number', number }
  take()
  return { is: 'seconds', seconds: number * unit }
}
