import type { z } from 'zod'
import { knownKeys } from './known-keys.ts'
import { nearest } from './nearest.ts'

/** What people call a key by habit, from other tools; letters and digits only. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  timezone: ['zone'],
  tz: ['zone'],
  percent: ['weight'],
  percentage: ['weight'],
  stages: ['steps'],
  ladder: ['steps'],
  bake: ['min'],
  baketime: ['min'],
  patience: ['max'],
  env: ['environment'],
  image: ['artifact'],
  approvals: ['signoff'],
  approvers: ['signoff', 'approvers'],
  tagprefix: ['prefix'],
  tolerance: ['margin'],
  app: ['service'],
  name: ['service'],
  blackouts: ['freezes'],
  holidays: ['calendars'],
}

/** What to write in place of a key that is not known in the map at `path`, as the end of a sentence. */
export const meantKey = (
  key: string,
  { path, value, schema }: { path: readonly PropertyKey[]; value: unknown; schema: z.ZodType },
): string => {
  const known = knownKeys(schema, path, value)
  const guess = likely(key, known)
  if (guess) return `did you mean "${guess}"?`
  if (known.length === 0) return 'nothing is expected here'
  const home = path.length === 0 ? homeOf(key, known, value, schema) : null
  return home ? `did you mean ${home}?` : `known here: ${known.join(', ')}`
}

const likely = (key: string, known: readonly string[]): string | undefined =>
  known.find((each) => bare(each) === bare(key)) ??
  nearest(key, known) ??
  aliasesOf(key).find((each) => known.includes(each))

/** The one section of the file that knows the key. */
const homeOf = (
  key: string,
  sections: readonly string[],
  value: unknown,
  schema: z.ZodType,
): string | null => {
  const homes = sections.flatMap((section) => {
    const keys = knownKeys(schema, [section], value)
    const own =
      keys.find((each) => bare(each) === bare(key)) ?? aliasesOf(key).find((each) => keys.includes(each))
    return own ? [`"${own}" in ${section}`] : []
  })
  return homes.length === 1 ? (homes[0] ?? null) : null
}

const bare = (key: string): string => key.toLowerCase().replace(/[^a-z0-9]/g, '')

const aliasesOf = (key: string): readonly string[] =>
  Object.hasOwn(aliases, bare(key)) ? (aliases[bare(key)] ?? []) : []
