import type { MetricCheck } from '../../config/metrics-policy.ts'
import { cut } from '../../text/visible.ts'
import { type Observation, observationSchema } from '../../verdict/observation.ts'

/** What a file or a program tells: the published contract of an observation, whose weight may be left to us. */
const toldSchema = observationSchema.extend({ weight: observationSchema.shape.weight.optional() })
const sampleLimit = 10_000
const notesShown = 5
const noObservation = 'is no observation'
/** More lines than as many observations would fit into; so many lines that are none are another file's. */
const lineLimit = 700_000
const wrongLimit = 10_000

export type Told = Omit<Observation, 'weight'> & { weight?: number | undefined }

/**
 * Observations out of text: JSON lines, or one JSON array. Whatever is not an observation of one of the checks is left
 * out and said, with the number of its line (or place in the array), `firstLine` being that of the text's first.
 *
 * @throws Error in one sentence for a text that is something else, which could take minutes to read line by line
 */
export const readTold = (
  text: string,
  checks: readonly Pick<MetricCheck, 'name' | 'kind'>[],
  firstLine = 1,
  source = 'the text',
): { told: Told[]; notes: string[] } => {
  const notes: string[] = []
  const told: Told[] = []
  let [wrong, unread] = [0, 0]
  for (const { where, value } of valuesOf(text, firstLine, source)) {
    const read = value === undefined ? 'is not JSON' : observationOf(value, checks)
    if (typeof read !== 'string') {
      told.push(read)
      continue
    }
    wrong += 1
    if (notes.length < notesShown) notes.push(`${where} ${read}`)
    if (value === undefined || read.startsWith(noObservation)) unread += 1
    if (unread > wrongLimit)
      throw new Error(
        `${source}: more than ${wrongLimit} entries are no observations, the last one is ${where}`,
      )
  }
  return { told, notes: wrong > notesShown ? [...notes, `and ${wrong - notesShown} more like it`] : notes }
}

function* valuesOf(
  text: string,
  firstLine: number,
  source: string,
): Generator<{ where: string; value: unknown }> {
  const whole = /^\s*\[/.test(text) && text.trimEnd().endsWith(']') ? parse(text) : undefined
  if (Array.isArray(whole)) {
    for (const [at, value] of whole.entries()) yield { where: `entry ${at + 1}`, value }
    return
  }
  for (let start = 0, at = 0; start < text.length; at += 1) {
    if (at === lineLimit)
      throw new Error(`${source}: there are more than ${lineLimit} lines that were not read yet`)
    const end = text.indexOf('\n', start)
    const line = text.slice(start, end < 0 ? text.length : end)
    start += line.length + 1
    if (line.trim() !== '') yield { where: `line ${firstLine + at}`, value: parse(line) }
  }
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
    return cut(`${noObservation}: ${issue?.path.join('.') || 'it'}: ${issue?.message}`, 200)
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
