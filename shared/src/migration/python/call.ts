import type { PythonToken } from './tokenize-python.ts'

/** A call with its arguments as tokens. `callee` is its dotted name. */
export type Call = {
  callee: string
  positional: PythonToken[][]
  named: ReadonlyMap<string, PythonToken[]>
  line: number
}

const isSign = (token: PythonToken | undefined, text: string): boolean =>
  token?.kind === 'symbol' && token.text === text

/** Where the bracket that opens at `from` is closed; -1 where it is not. */
export const closing = (tokens: readonly PythonToken[], from: number): number => {
  const depth = tokens[from]?.depth ?? 0
  return tokens.findIndex(
    (token, at) =>
      at > from && token.depth === depth && token.kind === 'symbol' && /^[)\]}]$/.test(token.text ?? ''),
  )
}

/** The parts between commas at the outermost level; a comma at the end adds none. */
export const partsOf = (tokens: readonly PythonToken[]): PythonToken[][] => {
  const depth = tokens[0]?.depth ?? 0
  const parts: PythonToken[][] = [[]]
  for (const token of tokens) {
    if (token.depth === depth && isSign(token, ',')) parts.push([])
    else parts.at(-1)?.push(token)
  }
  if (parts.at(-1)?.length === 0) parts.pop()
  return parts
}

/** The elements of a list or tuple display that is all of these tokens; null for anything else. */
export const elementsOf = (tokens: readonly PythonToken[]): PythonToken[][] | null => {
  const [first] = tokens
  if (!isSign(first, '[') && !isSign(first, '(')) return null
  return closing(tokens, 0) === tokens.length - 1 ? partsOf(tokens.slice(1, -1)) : null
}

/** A call that is all of these tokens, with arguments that stand there one by one; null for anything else. */
export const callOf = (tokens: readonly PythonToken[]): Call | null => {
  const from = tokens.findIndex((token) => isSign(token, '('))
  if (from < 1 || closing(tokens, from) !== tokens.length - 1) return null
  const callee = dotted(tokens.slice(0, from))
  if (callee === null) return null
  const positional: PythonToken[][] = []
  const named = new Map<string, PythonToken[]>()
  for (const part of partsOf(tokens.slice(from + 1, -1))) {
    const [name, sign, ...value] = part
    if (name?.kind === 'name' && isSign(sign, '=')) {
      if (named.has(name.text ?? '') || value.length === 0) return null
      named.set(name.text ?? '', value)
    } else if (part.length === 0 || named.size > 0 || isSign(name, '*') || isSign(name, '**')) return null
    else positional.push(part)
  }
  return { callee, positional, named, line: tokens[0]?.line ?? 1 }
}

/** A dotted name that is all of these tokens; null for anything else. */
export const dotted = (tokens: readonly PythonToken[]): string | null => {
  const fits = tokens.every((token, at) => (at % 2 === 0 ? token.kind === 'name' : isSign(token, '.')))
  return fits && tokens.length % 2 === 1 ? tokens.map(({ text }) => text).join('') : null
}

/** An argument by its name or its place; undefined where it is not given. */
export const argument = (call: Call, name: string, place: number): PythonToken[] | undefined =>
  call.named.get(name) ?? call.positional[place]

/** The text of strings that stand one behind the other; null for anything else. */
export const textOf = (tokens: readonly PythonToken[] | undefined): string | null => {
  if (!tokens || tokens.length === 0 || tokens.some(({ kind, text }) => kind !== 'string' || text === null))
    return null
  return tokens.map(({ text }) => text).join('')
}

export const isWord = (tokens: readonly PythonToken[] | undefined, word: string): boolean =>
  tokens?.length === 1 && tokens[0]?.kind === 'name' && tokens[0].text === word
