import { z } from 'zod'
import { ConfigurationError } from '../config/configuration-error.ts'
import { nearest } from '../config/nearest.ts'

const truths: Record<string, boolean> = {
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
}

/** A boolean input, as YAML 1.2's core schema writes it; anything else is an error, never a guess. */
export const flag = (fallback: boolean) =>
  z
    .string()
    .trim()
    .transform((text, context) => {
      if (text === '') return fallback
      const value = truths[text]
      if (value === undefined) context.addIssue(`write true or false, not "${text}"`)
      return value ?? fallback
    })

/** A whole number input; empty is `fallback`. */
export const integer = (fallback: number | null) =>
  z
    .string()
    .trim()
    .transform((text, context) => {
      if (text === '') return fallback
      if (!/^\d{1,15}$/.test(text)) context.addIssue(`write a whole number, not "${text}"`)
      return Number(text)
    })

/** A share in percent, from 0 to 100, with or without its sign; empty is null: not known. */
export const percent = z
  .string()
  .trim()
  .transform((text, context) => {
    if (text === '') return null
    const value = /^\d{1,3}(\.\d{1,6})?\s*%?$/.test(text) ? Number.parseFloat(text) : Number.NaN
    if (!(value <= 100)) context.addIssue('write a percent from 0 to 100, such as 12.5, or leave it empty')
    return value
  })

/** A weight in percent, with or without its sign; empty is `fallback`. `above`: 0 is not one. */
export const weight = (fallback: number, above = false) =>
  z
    .string()
    .trim()
    .transform((text, context) => {
      if (text === '') return fallback
      const value = /^[\d.]+(e\d+)?\s*%?$/.test(text) ? Number(text.replace(/\s*%$/, '')) : Number.NaN
      if (value <= 100 && (value > 0 || !above)) return value
      const range = above ? 'above 0 and at most 100' : 'from 0 to 100'
      context.addIssue(`write a percent ${range}, such as 10, not ${JSON.stringify(text.slice(0, 60))}`)
      return fallback
    })

/** A text input; spaces around it do not count. */
export const text = (fallback = '') =>
  z
    .string()
    .trim()
    .transform((value) => (value === '' ? fallback : value))

/** A text input that must be there. */
export const needed = z.string().trim().min(1, 'is required')

/** One of a few words. */
export const choice = <const Choice extends readonly [string, ...string[]]>(
  choices: Choice,
  fallback: Choice[number],
) =>
  z
    .string()
    .trim()
    .transform((value) => (value === '' ? fallback : value))
    .pipe(z.enum(choices, { error: ({ input }) => refusedChoice(String(input), choices) }))

const refusedChoice = (given: string, choices: readonly string[]): string => {
  const named = choices.filter((each) => each !== '')
  const guess = nearest(given, named)
  return `write one of ${named.join(', ')}, not ${JSON.stringify(given.slice(0, 60))}${guess ? `; did you mean "${guess}"?` : ''}`
}

/** What every action takes. */
export const commonInputs = { 'github-token': text(), 'dry-run': flag(false) }

/** Reads every input once and lists every fault at once. `read` gives '' for an input that is not set. */
export const readInputs = <Schema extends z.ZodObject>(
  schema: Schema,
  read: (name: string) => string,
): z.output<Schema> => {
  const raw = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, read(name)]))
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `input "${String(issue.path[0])}": ${issue.message}`)
  throw new ConfigurationError(faults.join('\n'))
}
