import { cut } from '../../text/visible.ts'
import type { Observation, Sample } from '../../verdict/observation.ts'

const notesShown = 5
/** Judging so many takes minutes. */
const intervalLimit = 50_000
const arms = ['canary', 'stable'] as const

/**
 * Observations of the same metric and interval as one: a program may tell of some instances on one line and of others on
 * the next. A line that only repeats an instance adds nothing; where two differ about an instance, nobody knows what it
 * did, so its sample has nothing to count and the judge calls it bad data. Of a weight that differs the first is taken.
 *
 * @throws Error in one sentence where there are more intervals than can be judged
 */
export const mergeTold = (
  told: readonly Observation[],
  source: string,
): { observations: Observation[]; notes: string[] } => {
  const merged = new Map<string, Record<(typeof arms)[number], Map<string, Sample>> & { one: Observation }>()
  const notes = new Set<string>()
  const say = (one: Observation, text: string) => {
    if (notes.size < notesShown)
      notes.add(cut(`${source}: ${one.metric} from ${one.from} to ${one.to} ${text}`, 300))
  }
  for (const one of told) {
    const key = `${one.metric}\n${one.from}\n${one.to}`
    const known = merged.get(key) ?? { one, canary: new Map(), stable: new Map() }
    merged.set(key, known)
    if (merged.size > intervalLimit)
      throw new Error(`${source}: more than ${intervalLimit} intervals at once; write longer ones`)
    if (known.one.weight !== one.weight) say(one, `is told with two weights; ${known.one.weight} % is taken`)
    for (const arm of arms)
      for (const sample of one[arm]) {
        const other = known[arm].get(sample.instance)
        const same = other === undefined || JSON.stringify(other) === JSON.stringify(sample)
        known[arm].set(sample.instance, same ? sample : unknown(other, sample))
        if (!same) say(one, `is told twice of ${arm} ${sample.instance}, and differently; it is bad data`)
      }
  }
  const observations = [...merged.values()].map(({ one, canary, stable }) => ({
    ...one,
    canary: [...canary.values()],
    stable: [...stable.values()],
  }))
  return { observations, notes: [...notes] }
}

const unknown = (one: Sample, other: Sample): Sample => ({
  instance: one.instance,
  total: Math.max(one.total, other.total),
})
