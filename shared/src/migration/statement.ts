import type { Token } from './token.ts'

/** One statement. `shape` is its tokens with one blank between, names and text by their number: `DROP TABLE "2" ;`. */
export type Statement = { tokens: readonly Token[]; shape: string; line: number }

/** A name in a shape: a bare word or a quoted one, with schema if there is one. */
export const named = '(?:"\\d+"|[^\\s"\'.,();=]+)(?: \\. (?:"\\d+"|[^\\s"\'.,();=]+))*'

/** More tokens than any statement has that is not mere data. */
const shapeLimit = 20_000

/** Splits at semicolons, and at GO on a line of its own. */
export const statementsOf = (tokens: readonly Token[]): Statement[] => {
  const found: Statement[] = []
  let open: Token[] = []
  const close = () => {
    if (open.length > 0) found.push(statement(open))
    open = []
  }
  for (const [index, token] of tokens.entries()) {
    const alone = tokens[index - 1]?.line !== token.line && tokens[index + 1]?.line !== token.line
    if (token.kind === 'symbol' && token.text === ';') close()
    else if (token.kind === 'word' && token.text === 'GO' && alone) close()
    else open.push(token)
  }
  close()
  return found
}

const statement = (tokens: readonly Token[]): Statement => ({
  tokens,
  line: tokens[0]?.line ?? 1,
  shape: tokens.slice(0, shapeLimit).map(shapeOf).join(' '),
})

export const isCutOff = ({ tokens }: Statement): boolean => tokens.length > shapeLimit

export const shapeOf = ({ kind, text }: Token, index: number): string =>
  kind === 'name' ? `"${index}"` : kind === 'string' ? `'${index}'` : text

/** The name that stands in a shape, in lower case, for comparison. */
export const nameIn = (text: string | undefined, { tokens }: Statement): string =>
  (text ?? '')
    .split(' . ')
    .map((part) => (/^"\d+"$/.test(part) ? (tokens[Number(part.slice(1, -1))]?.text ?? '') : part))
    .join('.')
    .toLowerCase()

/** The parts of a shape between commas that are in no brackets. */
export const partsOf = (shape: string): string[] => {
  const parts: string[] = []
  let depth = 0
  let open: string[] = []
  for (const each of shape.split(' ')) {
    if (each === '(') depth += 1
    if (each === ')') depth -= 1
    if (each === ',' && depth === 0) {
      parts.push(open.join(' '))
      open = []
    } else open.push(each)
  }
  return [...parts, open.join(' ')]
}

/** What is in no brackets. */
export const topOf = (shape: string): string => {
  const top: string[] = []
  let depth = 0
  for (const each of shape.split(' ')) {
    if (each === ')') depth -= 1
    if (depth === 0 || each === '(') if (each !== '(' || depth === 0) top.push(each)
    if (each === '(') depth += 1
  }
  return top.join(' ')
}

const verbs =
  /(?:^| )(?:DROP|ALTER|TRUNCATE|RENAME|CREATE|REVOKE|EXEC|EXECUTE|CALL|GO|(?<!(?:^| )ON )DELETE|(?<!(?:^| )(?:ON|FOR|KEY|DO|NO KEY) )UPDATE)(?: |$)/

/** Whether a second statement hides behind the first: its semicolon is missing, or it is a part that can do more. */
export const hidesMore = (tail: string): boolean => verbs.test(tail)
