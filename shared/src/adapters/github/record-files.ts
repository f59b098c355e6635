import { z } from 'zod'
import { canonicalJson } from '../../record/canonical-json.ts'
import { type Sha256, verifyChain } from '../../record/chain.ts'
import { newService } from '../../record/change-service.ts'
import { type RecordEvent, recordEvent } from '../../record/event.ts'
import { RecordError } from '../../record/record-error.ts'
import { type Service, service as serviceSchema } from '../../record/service.ts'

/** A file of the branch: null when absent; `text` null when GitHub cut it off. */
export type RecordFile = { name: string; text: string | null }

const largest = 400_000

/** Where things stand on the branch. Names that could lead elsewhere are refused. */
export const paths = {
  release: (service: string, release: string) => `releases/${safe(service)}/${safe(release)}`,
  everyRelease: 'releases',
  releases: (service: string) => `releases/${safe(service)}`,
  service: (service: string) => `services/${safe(service)}.json`,
  plan: (digest: string) => `plans/${hex(digest)}.json`,
}

/** The events of a release from its files; fails where the chain does not hold. */
export const readEvents = (
  files: readonly RecordFile[],
  about: { service: string; release: string; sha256: Sha256 },
): RecordEvent[] => {
  const events = files.map((file) => readEvent(file, about)).sort((a, b) => a.seq - b.seq)
  verifyChain(events, about)
  return events
}

/** What a service file says; fails when it was changed by hand. */
export const readService = (file: RecordFile | undefined, name: string, sha256: Sha256): Service => {
  if (!file) return newService(name)
  const where = paths.service(name)
  const parsed = serviceSchema.extend({ hash: z.string() }).safeParse(parse(file.text, where))
  if (!parsed.success) throw changed(where)
  const { hash, ...about } = parsed.data
  if (about.service !== name || hash !== sha256(canonicalJson(about))) throw changed(where)
  return about
}

export const writeService = (about: Service, sha256: Sha256): string =>
  `${canonicalJson({ ...about, hash: sha256(canonicalJson(about)) })}\n`

/** An event as the file it becomes. Four digits keep the files of a folder in order for people. */
export const writeEvent = (event: RecordEvent): { name: string; text: string } => {
  const text = `${canonicalJson(event)}\n`
  if (text.length > largest) throw new Error(`an event of kind ${event.kind} is larger than ${largest} bytes`)
  return { name: eventName(event), text }
}

const eventName = ({ seq, kind }: RecordEvent): string => `${String(seq).padStart(4, '0')}-${kind}.json`

/** Kinds of a later version are read, so that an older one can still show the release; `schema` guards writing. */
const anyEvent = recordEvent.extend({ schema: z.number(), kind: z.string() })

const readEvent = (
  { name, text }: RecordFile,
  { service, release }: { service: string; release: string },
) => {
  const where = `${paths.release(service, release)}/${name}`
  const parsed = anyEvent.loose().safeParse(parse(text, where))
  if (!parsed.success) throw changed(where)
  const event = parsed.data as unknown as RecordEvent
  if (eventName(event) !== name) throw changed(where)
  return event
}

const parse = (text: string | null, where: string): unknown => {
  if (text === null) throw changed(where)
  try {
    return JSON.parse(text)
  } catch {
    throw changed(where)
  }
}

const changed = (where: string): RecordError =>
  new RecordError(
    'broken-chain',
    `the record cannot be trusted: ${where} was changed by hand or is damaged; bring back the version that relman wrote from the history of the branch`,
  )

export const isName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(name)

const safe = (name: string): string => {
  if (!isName(name)) throw new Error(`"${name}" cannot be a name in the record`)
  return name
}

const hex = (digest: string): string => {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new Error(`"${digest}" is not a SHA-256 digest`)
  return digest
}
