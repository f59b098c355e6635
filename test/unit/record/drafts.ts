import { sha256 } from '@relman/core/adapters/hash/sha256'
import { sealEvents } from '@relman/core/record/chain'
import { type EventDraft, eventKinds, type RecordEvent } from '@relman/core/record/event'
import { step } from '@relman/core/record/transition'
import fc from 'fast-check'

export const about = { service: 'shop', release: '1.0.0', sha256 }
export const now = '2026-11-20T10:00:00.000Z'
export const run = { id: 7, attempt: 1, workflow: 'release', job: 'gate' }

export const draft = (
  kind: EventDraft['kind'],
  data: EventDraft['data'] = {},
  key: string = kind,
): EventDraft => ({
  kind,
  key,
  actor: 'ada',
  run,
  digest: 'd1',
  token: null,
  data,
})

export const sealed = (drafts: readonly EventDraft[], previous: readonly RecordEvent[] = [], at = now) =>
  sealEvents(previous, drafts, { ...about, now: at })

const someDraft = fc.record({
  kind: fc.constantFrom(...eventKinds),
  key: fc.integer({ min: 0, max: 12 }).map((number) => `k${number}`),
  actor: fc.string(),
  run: fc.constantFrom(null, run),
  digest: fc.constantFrom('d1', 'd2', null),
  token: fc.constantFrom(null, 1, 2),
  data: fc.dictionary(
    fc.constantFrom('decision', 'role', 'weight', 'error'),
    fc.constantFrom('go', 'no-go', 5, null),
  ),
}) as fc.Arbitrary<EventDraft>

/** Any sequence of drafts that a writer could append: those that may not follow are left out. */
export const legalDrafts = fc.array(someDraft, { maxLength: 40 }).map((drafts) => {
  const keys = new Set<string>()
  const legal: EventDraft[] = []
  let state: Parameters<typeof step>[1] = null
  for (const draft of drafts) {
    if (keys.has(draft.key)) continue
    try {
      state = step('1.0.0', state, draft.kind, draft.data['decision'])
    } catch {
      continue
    }
    keys.add(draft.key)
    legal.push(draft)
  }
  return legal
})
