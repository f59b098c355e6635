import { z } from 'zod'
import type { LearntSpread } from '../baseline/learnt.ts'
import type { RecordEvent } from '../record/event.ts'
import { type ArmRatio, learnFromReleases } from '../verdict/arm-spread.ts'

const stepped = z.object({
  weight: z.number(),
  movedAt: z.number(),
  confirmedAt: z.number().nullable().default(null),
})

/** When a release had all traffic, in Unix seconds: the last time that it was moved to 100 %. Null when it never was. */
export const liveAt = (events: readonly RecordEvent[]): number | null => {
  const moves = events.flatMap(({ kind, data }) => {
    const told = kind === 'stepped' ? stepped.safeParse(data).data : undefined
    return told && told.weight >= 100 ? [told.confirmedAt ?? told.movedAt] : []
  })
  return moves.length > 0 ? Math.max(...moves) : null
}

const judged = z.object({
  evidence: z.object({
    ratios: z.array(z.object({ metric: z.string(), logRatio: z.number(), variance: z.number() })),
  }),
})

/**
 * How much the arms of each metric differed in past releases that went to all traffic and were not taken back, given the
 * events of each; none where too few tell.
 */
export const learnSpreads = (releases: readonly (readonly RecordEvent[])[]): LearntSpread[] => {
  const fine = releases.filter(
    (events) =>
      events.some(({ kind }) => kind === 'deployed') && !events.some(({ kind }) => kind === 'rolled-back'),
  )
  const ratios = fine.map((events) =>
    events.flatMap(({ kind, data }) =>
      kind === 'verdict' ? (judged.safeParse(data).data?.evidence.ratios ?? []) : [],
    ),
  )
  const metrics = new Set(ratios.flat().map(({ metric }) => metric))
  return [...metrics].sort().flatMap((metric) => {
    const own = ratios.map((all): ArmRatio[] => all.filter((one) => one.metric === metric))
    const found = learnFromReleases(own)
    return found ? [{ metric, ...found, spread: Number(found.spread.toPrecision(3)) }] : []
  })
}
