import type { MetricCheck } from '../../config/metrics-policy.ts'
import { cut } from '../../text/visible.ts'
import { type Observation, observationSchema } from '../../verdict/observation.ts'

/** What a file or a program tells: the published contract of an observation, whose weight may be left to us. */
const toldSchema = observationSchema.extend({ weight: observationSchema.shape.weight.optional() })
const sampleLimit = 10_000
const notesShown = 5

export type Told = Omit<Observation, 'weight'> & { weight?: number | undefined }

/**
 * Observations out of text: JSON lines, or one JSON array. Whatever is not an observation of one of the checks is left
 * out and said, with the number of its line (or place in the array), `firstLine` being that of the text's first.
 */
export const readTold = (
  text: string,
  checks: readonly Pick<MetricCheck, 'name' | 'kind'>[],
  firstLine = 1,
): { told: Told[]; notes: string[] } => {
  const notes: string[] = []
  const told: Told[] = []
  for (const { where, value } of valuesOf(text, firstLine)) {
    const read = value === undefined ? 'is not JSON' : observationOf(value, checks)
    if (typeof read === 'string') notes.push(`${where} ${read}`)
    else told.push(read)
  }
  const more = notes.length - notesShown
  return { told, notes: more > 0 ? [...notes.slice(0, notesShown), `and ${more} more like it`] : notes }
}

const valuesOf = (text: string, firstLine: number): { where: string; value: unknown }[] => {
  const whole = text.trimStart().startsWith('[') ? parse(text) : undefined
  if (Array.isArray(whole)) return whole.map((value, at) => ({ where: `entry ${at + 1}`, value }))
  return text
    .split('\n')
    .map((line, at) => ({ where: `line ${firstLine + at}`, line }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ where, line }) => ({ where, value: parse(line) }))
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const observationOf = (
  value: unknown,
  checks: readonly Pick<MetricCheck, 'name' | 'kind'>[],
): Told | string => {
  const { data, error } = toldSchema.safeParse(value)
  if (!data) {
    const [issue] = error.issues
    return cut(`is no observation: ${issue?.path.join('.') || 'it'}: ${issue?.message}`, 200)
  }
  const check = checks.find(({ name }) => name === data.metric)
  if (!check) return cut(`is about ${data.metric}, which is no check read from here`, 200)
  if (check.kind !== data.kind) return `is a ${data.kind}, but the check ${check.name} is a ${check.kind}`
  if (!(data.to > data.from)) return 'ends no later than it begins'
  for (const arm of ['canary', 'stable'] as const) {
    const names = data[arm].map(({ instance }) => instance)
    if (names.length > sampleLimit) return `has more than ${sampleLimit} instances of ${arm}`
    if (new Set(names).size < names.length) return `names an instance of ${arm} twice`
  }
  return data
}
