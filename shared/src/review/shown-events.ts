import type { EventDraft, RecordEvent } from '../record/event.ts'

type Data = EventDraft['data']

/** Words of relman itself; a value that is no such word was written by somebody. */
const words = ['stage', 'decision', 'state', 'verdict', 'reason', 'reasonCode']
const names = ['role', 'environment']
const numbers = ['step', 'weight', 'seconds', 'revision', 'deployment']

/**
 * The record of a release as pages may show it that people outside the team can read, where what was seen of it must not be
 * told: what happened and when, by an allow list; no comment, no text of a criterion, no cause. Of criteria their count and state.
 */
export const shownEvents = (events: readonly RecordEvent[]): RecordEvent[] => {
  const known = new Map<string, string>()
  const nameOf = (id: unknown): string => {
    const own = typeof id === 'string' ? id : ''
    const name = known.get(own) ?? `criterion-${known.size + 1}`
    known.set(own, name)
    return name
  }
  return events.map((event) => ({ ...event, data: shownData(event.data, nameOf) }))
}

const shownData = (data: Data, nameOf: (id: unknown) => string): Data => {
  const shown: Data = {}
  for (const [name, value] of Object.entries(data)) {
    if (words.includes(name) && typeof value === 'string' && /^[a-z0-9-]{1,60}$/.test(value))
      shown[name] = value
    if (names.includes(name) && typeof value === 'string') shown[name] = value
    if (numbers.includes(name) && typeof value === 'number') shown[name] = value
  }
  const criteria = data['criteria']
  if (Array.isArray(criteria))
    shown['criteria'] = criteria.map((one) => {
      const { id, state } = (one ?? {}) as { id?: unknown; state?: unknown }
      const name = nameOf(id)
      return { id: name, text: name, state: typeof state === 'string' ? state : '', remedy: 'withheld' }
    })
  return shown
}
