import type { ServiceChange } from '../record/change-service.ts'
import type { EventDraft, RecordEvent } from '../record/event.ts'
import type { Service } from '../record/service.ts'

export type { LeaseRequest, ServiceChange } from '../record/change-service.ts'

/** The memory of releases. Every write is one compare-and-swap; a broken chain or an illegal transition refuses. */
export type RecordStore = {
  events(service: string, release: string): Promise<RecordEvent[]>
  service(service: string): Promise<Service>
  releases(service: string): Promise<string[]>
  /**
   * Releases of all services: `choose` is given what there is and names those to read. `events` are null where they cannot be
   * trusted.
   */
  neighbours(
    choose: (all: { service: string; releases: string[] }[]) => { service: string; release: string }[],
  ): Promise<{ service: string; release: string; events: RecordEvent[] | null }[]>
  /** The canonical JSON of a plan; null when no plan has that digest. Checked against the digest. */
  plan(digest: string): Promise<string | null>
  /**
   * Appends drafts whose key is new (others are skipped), stores `plan` under its digest, applies `change`. `guard` sees
   * the events that they would follow, at each attempt, and stops the append by throwing.
   */
  append(
    service: string,
    release: string,
    drafts: readonly EventDraft[],
    more?: {
      plan?: { digest: string; text: string }
      change?: ServiceChange
      guard?: (before: readonly RecordEvent[]) => void
    },
  ): Promise<{ events: RecordEvent[]; service: Service }>
}
