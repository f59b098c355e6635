import type { EventDraft, RecordEvent } from '../record/event.ts'
import type { Lease, Service } from '../record/service.ts'

export type LeaseRequest = Omit<Lease, 'token' | 'takenAt' | 'expiresAt' | 'deployment'> & { seconds: number }

/** Changes of the service file that go into the same commit as the events. */
export type ServiceChange = {
  take?: LeaseRequest
  deployment?: number
  release?: { token: number }
  live?: { version: string; sha: string; digest: string }
  block?: { version: string; reason: string }
}

/** The memory of releases. Every write is one compare-and-swap; a broken chain or an illegal transition refuses. */
export type RecordStore = {
  events(service: string, release: string): Promise<RecordEvent[]>
  service(service: string): Promise<Service>
  releases(service: string): Promise<string[]>
  /** The canonical JSON of a plan; null when no plan has that digest. Checked against the digest. */
  plan(digest: string): Promise<string | null>
  /** Appends drafts whose key is new (others are skipped), stores `plan` under its digest, applies `change`. */
  append(
    service: string,
    release: string,
    drafts: readonly EventDraft[],
    more?: { plan?: { digest: string; text: string }; change?: ServiceChange },
  ): Promise<{ events: RecordEvent[]; service: Service }>
}
