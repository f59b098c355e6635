import { canonicalJson } from './canonical-json.ts'
import type { EventDraft, RecordEvent } from './event.ts'
import { RecordError } from './record-error.ts'
import { next, type State, step } from './transition.ts'

export type Sha256 = (text: string) => string

/** What a new event is sealed with; `now` is ISO 8601. */
export type Seal = { service: string; release: string; now: string; sha256: Sha256 }

/**
 * The events that drafts become after `previous`: numbered, dated, each with the hash of the one before. A draft whose
 * key is known already is skipped, so that an append may be repeated. An event that may not follow is refused.
 */
export const sealEvents = (
  previous: readonly RecordEvent[],
  drafts: readonly EventDraft[],
  { service, release, now, sha256 }: Seal,
): RecordEvent[] => {
  const keys = new Set(previous.map(({ key }) => key))
  const sealed: RecordEvent[] = []
  let state = stateAfter(previous)
  let last = previous.at(-1)
  for (const draft of drafts) {
    if (keys.has(draft.key)) continue
    keys.add(draft.key)
    state = step(release, state, draft.kind, draft.data['decision'])
    const body = {
      schema: 1 as const,
      service,
      release,
      seq: (last?.seq ?? 0) + 1,
      at: now,
      ...draft,
      prev: last?.hash ?? null,
    }
    last = { ...body, hash: eventHash(body, sha256) }
    sealed.push(last)
  }
  return sealed
}

/** The hash of everything but the hash. */
export const eventHash = (event: Omit<RecordEvent, 'hash'> | RecordEvent, sha256: Sha256): string =>
  sha256(canonicalJson({ ...event, hash: undefined }))

/** Fails when an event was changed, left out, moved or put in, or when one follows that may not. */
export const verifyChain = (
  events: readonly RecordEvent[],
  { service, release, sha256 }: Pick<Seal, 'service' | 'release' | 'sha256'>,
): void => {
  const broken = (seq: number, why: string) =>
    new RecordError(
      'broken-chain',
      `the record of ${service} ${release} cannot be trusted: event ${seq} ${why}`,
    )
  const keys = new Set<string>()
  let state: State = null
  let prev: string | null = null
  for (const [index, event] of events.entries()) {
    const seq = index + 1
    if (event.seq !== seq) throw broken(seq, 'is missing or stands twice')
    if (event.service !== service || event.release !== release)
      throw broken(seq, 'belongs to another release')
    if (event.prev !== prev) throw broken(seq, 'does not follow the event before it')
    if (event.hash !== eventHash(event, sha256)) throw broken(seq, 'was changed after it was written')
    if (keys.has(event.key)) throw broken(seq, 'repeats an earlier one')
    const after: State | undefined = next(state, event.kind, event.data['decision'])
    if (after === undefined)
      throw broken(seq, `(${event.kind}) cannot follow: the release was ${state ?? 'not planned'}`)
    keys.add(event.key)
    state = after
    prev = event.hash
  }
}

const stateAfter = (events: readonly RecordEvent[]): State =>
  events.reduce<State>((state, { kind, data }) => next(state, kind, data['decision']) ?? state, null)
