import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseAllDocuments, visit } from 'yaml'
import type { z } from 'zod'
import { ConfigurationError, type Place } from './configuration-error.ts'
import { explainIssue } from './explain-issue.ts'
import { type Fault, listed } from './fault.ts'

/** More than any real configuration holds; larger ones are refused before they are read. */
const sizeLimit = 256 * 1024
const depthLimit = 40
const forbidden = ['__proto__', 'constructor', 'prototype']

/** What a file says, and where: `placeOf` gives the place of a value, or of a key of the map at `path`. */
export type Written<Value> = {
  value: Value
  placeOf(path: readonly PropertyKey[], key?: string): Place
}

/**
 * Reads a YAML file that a person wrote, by its schema. Every fault is listed at once, each as `file:line:column: what is
 * wrong and what to write`, in one ConfigurationError. A key without a value counts as absent, and an empty file as a map
 * without keys.
 */
export const readYaml = <Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
): Written<z.output<Schema>> => {
  if (text.length > sizeLimit)
    throw new ConfigurationError(`is larger than ${sizeLimit / 1024} KiB`, { file })
  const lines = new LineCounter()
  const document = parseOne(text, file, lines)
  const at = (offset: number | undefined): Place => {
    if (offset === undefined) return { file }
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  const faults: Fault[] = [...document.errors, ...document.warnings].map((error) => ({
    place: at(error.pos[0]),
    message:
      error.code === 'DUPLICATE_KEY'
        ? twice(text, error.pos[0])
        : (error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? error.code),
  }))
  faults.push(...forbiddenKeys(document, at))
  if (faults.length > 0) throw listed(faults)
  const value = plain(document, file)
  const placeOf = (path: readonly PropertyKey[], key?: string): Place => at(offsetOf(document, path, key))
  const parsed = schema.safeParse(value)
  if (parsed.success) return { value: parsed.data, placeOf }
  throw listed(
    parsed.error.issues.flatMap((issue) =>
      explainIssue(issue, value, schema).map(({ path, key, within = 0, message }) => ({
        place: at(plus(offsetOf(document, path, key), within, text)),
        message,
      })),
    ),
  )
}

/** The key that begins at an offset is there twice in its map. */
const twice = (text: string, offset: number): string => {
  const key = /^["']?([\w.-]{1,60})/.exec(text.slice(offset, offset + 64))?.[1]
  return key === undefined
    ? 'this key is written twice in its map; keep one'
    : `"${key}" is written twice here; keep one`
}

/** The offset of a character of a text on one line, behind its quotation mark if it has one. */
const plus = (offset: number | undefined, within: number, text: string): number | undefined => {
  if (offset === undefined || within === 0) return offset
  return offset + within + (/['"]/.test(text[offset] ?? '') ? 1 : 0)
}

const parseOne = (text: string, file: string, lineCounter: LineCounter): Document.Parsed => {
  const nesting =
    /^[^#'"\n]*(?:[[{]\s*){20}/m.test(text) || text.split('\n').some((line) => /^ {200}/.test(line))
  if (nesting) throw tooDeep(file)
  const documents = parseAllDocuments(text.replace(/^\ufeff/, ''), {
    lineCounter,
    uniqueKeys: true,
    strict: true,
    prettyErrors: false,
  })
  if (!Array.isArray(documents) || documents.length === 0) return emptyDocument(lineCounter)
  const [first, second] = documents
  if (second) {
    const { line, col } = lineCounter.linePos(second.range[0])
    throw new ConfigurationError('a second document begins here; write one document, without ---', {
      file,
      line,
      column: col,
    })
  }
  return first as Document.Parsed
}

const emptyDocument = (lineCounter: LineCounter): Document.Parsed =>
  (parseAllDocuments('{}', { lineCounter }) as Document.Parsed[])[0] as Document.Parsed

const tooDeep = (file: string) => new ConfigurationError('is nested too deeply for a configuration', { file })

const forbiddenKeys = (document: Document.Parsed, at: (offset: number | undefined) => Place): Fault[] => {
  const faults: Fault[] = []
  visit(document, {
    Pair: (_, pair, ancestors) => {
      if (ancestors.length > depthLimit * 2) {
        faults.push({
          place: at(isNode(pair.key) ? pair.key.range?.[0] : undefined),
          message: 'is nested too deeply for a configuration',
        })
        return visit.BREAK
      }
      if (isScalar(pair.key) && forbidden.includes(String(pair.key.value))) {
        faults.push({
          place: at(pair.key.range?.[0]),
          message: `"${String(pair.key.value)}" may not be a key`,
        })
      }
      return undefined
    },
  })
  return faults
}

const plain = (document: Document.Parsed, file: string): unknown => {
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 50 })
  } catch (error) {
    if (error instanceof ReferenceError)
      throw new ConfigurationError('aliases (*name) unfold to too much; write the values out', { file })
    throw error
  }
  if (value === null || value === undefined) return {}
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new ConfigurationError('write keys and values, such as "service: checkout", at the top', {
      file,
      line: 1,
      column: 1,
    })
  }
  return withoutNulls(value)
}

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  )
}

/** Where a value stands, or the key of a map when `key` is given; the nearest thing that exists when it does not. */
const offsetOf = (
  document: Document.Parsed,
  path: readonly PropertyKey[],
  key: string | undefined,
): number | undefined => {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (!isNode(node)) continue
    const whole = length === path.length
    if (whole && key !== undefined && isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key,
      )
      if (pair && isScalar(pair.key)) return pair.key.range?.[0]
    }
    return node.range?.[0]
  }
  return undefined
}
