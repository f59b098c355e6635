import type { Config } from '@relman/core/config/config'
import type { FreezeDates } from '@relman/core/freeze/freeze-stage'
import { cutOf } from '@relman/core/plan/show-branch'
import type { RecordStore } from '@relman/core/ports/record-store'
import { z } from 'zod'

type Ask = { policy: Config; service: string; version: string | null; store: RecordStore | null }

const milestones = z.object({
  schedule: z.object({ milestones: z.array(z.object({ id: z.string(), at: z.string() })) }).nullish(),
})

/** When a version freezes: what the policy says for it, else the timeline of its plan in the record, else not known. */
export const readFreezeDates = async ({ policy, service, version, store }: Ask): Promise<FreezeDates> => {
  const unknown = { feature: null, code: null, source: 'not set' }
  if (version === null) return unknown
  const stated = policy.freeze.dates[version]
  if (stated) {
    // Time zones are loaded only where somebody wrote a date.
    const { iso, momentOf } = await import('@relman/core/schedule/moment')
    const at = (text: string | undefined) => (text ? iso(momentOf(text, policy.schedule.zone)) : null)
    return { feature: at(stated.feature), code: at(stated.code), source: 'freeze.dates of the policy' }
  }
  const events = store ? await store.events(service, version) : []
  const cut = cutOf(events)
  const digest = events.findLast(({ kind }) => kind === 'planned')?.digest
  const text = digest ? await store?.plan(digest) : null
  const read = text ? milestones.safeParse(JSON.parse(text)) : null
  const found = read?.success ? (read.data.schedule?.milestones ?? []) : []
  const of = (id: string) => found.find((milestone) => milestone.id === id)?.at ?? null
  return {
    // A later plan moves its milestones; the branch stays frozen from its cut on.
    feature: cut?.at ?? of('feature-freeze'),
    code: of('code-freeze'),
    source: cut ? 'the record' : 'the plan in the record',
  }
}
