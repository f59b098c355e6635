/** A piece of SQL. `word`: a bare word, in upper case; `name`: a quoted identifier; both of their text alone. */
export type Token = {
  kind: 'word' | 'name' | 'string' | 'number' | 'symbol'
  text: string
  /** From 1. */
  line: number
}

/** A comment, without its signs. */
export type Comment = { line: number; text: string }

/** What cannot be read for certain; everything after it in the file is uncertain, too. */
export type Doubt = { line: number; why: string }

export type Tokens = { tokens: Token[]; comments: Comment[]; doubts: Doubt[] }
