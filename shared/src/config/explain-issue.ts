import type { z } from 'zod'
import { knownKeys } from './known-keys.ts'
import { meantKey } from './meant-key.ts'
import { nearest } from './nearest.ts'

/** A fault in words. `key` is set when the fault is a key of the map at `path`, `within` is a character of its text. */
export type Explained = { path: PropertyKey[]; key?: string; within?: number; message: string }

const words: Record<string, string> = {
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

/** What is counted in a value that is no number. */
const units: Record<string, string> = { string: ' characters', array: ' entries' }

/** Turns what zod found into sentences that say what to write. `value` is the whole of what was checked by `schema`. */
export const explainIssue = (issue: z.core.$ZodIssue, value: unknown, schema: z.ZodType): Explained[] => {
  const path = issue.path
  const name = dotted(path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const hint = meantKey(key, { path, value, schema })
      return { path, key, message: `unknown key "${key}"${path.length > 0 ? ` in ${name}` : ''}; ${hint}` }
    })
  }
  const within = issue.code === 'custom' ? issue.params?.['at'] : undefined
  if (typeof within === 'number') return [{ path, within, message: `${name}: ${issue.message}` }]
  return [{ path, message: `${name}: ${sentence(issue, value, schema)}` }]
}

const sentence = (issue: z.core.$ZodIssue, value: unknown, schema: z.ZodType): string => {
  const found = at(value, issue.path)
  if (issue.code === 'invalid_type') {
    if (found === undefined) return `is missing; write ${words[issue.expected] ?? issue.expected}`
    return `write ${words[issue.expected] ?? issue.expected}, not ${show(found)}`
  }
  if (issue.code === 'invalid_value') {
    const choices = issue.values.map(String)
    const guess = typeof found === 'string' ? nearest(found, choices) : undefined
    return `write ${choices.length === 1 ? '' : 'one of '}${choices.join(', ')}, not ${show(found)}${guess ? `; did you mean "${guess}"?` : ''}`
  }
  if (issue.code === 'invalid_union') return union(issue, value, found, schema)
  if (issue.code === 'invalid_key')
    return `a key is not allowed: ${issue.issues.map((inner) => inner.message).join(', ')}`
  if (issue.code === 'too_small' || issue.code === 'too_big') return `${limit(issue)}, not ${show(found)}`
  if (issue.code === 'invalid_format' && issue.format === 'regex' && /^Invalid/.test(issue.message))
    return `${show(found)} does not have the form ${issue.pattern ?? ''}`
  if (issue.code === 'invalid_format' && issue.format === 'url')
    return `write a whole address such as https://example.com/path, not ${show(found)}`
  if (issue.code === 'custom' && typeof found === 'object') return issue.message
  return `${issue.message}, not ${show(found)}`
}

/** A limit that says itself what to write is said so. */
const limit = (issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string => {
  if (!/^Too (small|big)/.test(issue.message)) return issue.message
  const unit = units[issue.origin] ?? ''
  if (issue.code === 'too_big')
    return `write ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unit}`
  if (unit !== '' && Number(issue.minimum) <= 1) return 'must not be empty'
  return `write ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unit}`
}

const union = (
  issue: z.core.$ZodIssueInvalidUnion,
  value: unknown,
  found: unknown,
  schema: z.ZodType,
): string => {
  const discriminator = (issue as { discriminator?: string }).discriminator
  if (discriminator !== undefined) {
    const choices = knownKeys(schema, issue.path, value, 'constants')
    return `write one of ${choices.join(', ')}, not ${show(found)}`
  }
  const all = issue.errors.flat()
  const special = all.find((inner) => inner.code !== 'invalid_type' || inner.path.length > 0)
  if (special && typeof found === 'string') return `${special.message}, not ${show(found)}`
  const expected = all.map((inner) =>
    inner.code === 'invalid_type' ? (words[inner.expected] ?? inner.expected) : inner.message,
  )
  const wanted = `write ${[...new Set(expected)].join(' or ')}`
  return found === undefined ? `is missing; ${wanted}` : `${wanted}, not ${show(found)}`
}

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === 'object' && Object.hasOwn(inner, key)
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  )

const dotted = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  )

const show = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (value !== null && typeof value === 'object') return 'keys and values'
  const text =
    typeof value === 'string' ? JSON.stringify(value.replace(/:\/\/[^/?#]*@/, '://…@')) : String(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
