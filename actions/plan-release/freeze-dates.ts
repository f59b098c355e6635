import type { Config } from '@relman/core/config/config'
import type { FreezeDates } from '@relman/core/freeze/freeze-stage'
import { cutOf } from '@relman/core/plan/show-branch'
import type { RecordStore } from '@relman/core/ports/record-store'
import { z } from 'zod'

type Ask = { policy: Config; service: string; version: string | null; store: RecordStore | null }

const planned = z.object({
  freeze: z.object({ feature: z.string(), code: z.string().nullable(), source: z.string() }).optional(),
  schedule: z.object({ milestones: z.array(z.object({ id: z.string(), at: z.string() })) }).nullish(),
})

export const unknown: FreezeDates = { feature: null, code: null, source: 'not set' }

/** What the policy says of a version; null where it says nothing. */
export const statedDates = async (policy: Config, version: string): Promise<FreezeDates | null> => {
  const stated = policy.freeze.dates[version.replace(/\+.*$/, '')]
  if (!stated) return null
  // Time zones are loaded only where somebody wrote a date.
  const { iso, momentOf } = await import('@relman/core/schedule/moment')
  const at = (text: string | undefined) => (text ? iso(momentOf(text, policy.schedule.zone)) : null)
  return { feature: at(stated.feature), code: at(stated.code), source: 'freeze.dates of the policy' }
}

/** When a version freezes: what the policy says for it, else the timeline of its plan in the record, else not known. */
export const readFreezeDates = async ({ policy, service, version, store }: Ask): Promise<FreezeDates> => {
  if (version === null) return unknown
  const stated = await statedDates(policy, version)
  if (stated) return stated
  const events = store ? await store.events(service, version) : []
  const cut = cutOf(events)
  const digest = events.findLast(({ kind }) => kind === 'planned')?.digest
  const text = digest ? await store?.plan(digest) : null
  const read = text ? planned.safeParse(JSON.parse(text)) : null
  const found = read?.success ? (read.data.schedule?.milestones ?? []) : []
  const of = (id: string) => found.find((milestone) => milestone.id === id)?.at ?? null
  const freeze = read?.success ? read.data.freeze : undefined
  // What the plan is held by does not move on with its timeline, and the branch stays frozen from its cut on.
  return {
    feature: cut?.at ?? freeze?.feature ?? of('feature-freeze'),
    code: freeze?.code ?? of('code-freeze'),
    source: cut ? 'the record' : (freeze?.source ?? 'the plan in the record'),
  }
}
