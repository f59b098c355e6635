export const arms = ['canary', 'stable'] as const
export type Arm = (typeof arms)[number]

/** How one probe ended. */
export type Probed = {
  /** What answered, as the answer names it; null where it does not say, or nothing answered. */
  instance: string | null
  /** Whether there was an answer at all. */
  answered: boolean
  good: boolean
  seconds: number
  /** Of a bad one, in a few words of our own. */
  why: string | null
}

type Counts = { total: number; events: number; buckets: number[] }

/** What the probes of one version came to since the last look. */
export type Tally = {
  finished: number
  answered: number
  good: number
  /** Bad ones without an answer: which instance would have given it is not known. */
  lost: number
  /** Answers of another version than was asked: they say nothing of this one. */
  strayed: number
  /** Not sent, because too many were under way. */
  skipped: number
  instances: ReadonlyMap<string, Counts>
  why: string | null
}

export const emptyTally: Tally = {
  finished: 0,
  answered: 0,
  good: 0,
  lost: 0,
  strayed: 0,
  skipped: 0,
  instances: new Map(),
  why: null,
}

/** Names come from answers: so many are told apart, the rest go together. */
const mostInstances = 50
/** For answers that name no instance. */
export const unnamed = 'unnamed'

/** A tally with one probe more. `edges`: upper edges of the histogram in seconds. */
export const addProbed = (tally: Tally, probed: Probed, edges: readonly number[]): Tally => {
  const { good, answered, seconds, why } = probed
  const next = {
    ...tally,
    finished: tally.finished + 1,
    good: tally.good + Number(good),
    answered: tally.answered + Number(answered),
    why: why ?? tally.why,
  }
  if (!answered) return { ...next, lost: tally.lost + 1 }
  const name = instanceName(probed.instance, tally.instances)
  const at = edges.findIndex((edge) => seconds <= edge)
  return {
    ...next,
    instances: withCounts(tally.instances, name, edges, {
      total: 1,
      events: Number(!good),
      bucket: at < 0 ? edges.length : at,
    }),
  }
}

const instanceName = (told: string | null, known: Tally['instances']): string => {
  const name = told !== null && /^[\x21-\x7e]{1,100}$/.test(told) ? told : unnamed
  return known.has(name) || known.size < mostInstances ? name : 'others'
}

const withCounts = (
  instances: Tally['instances'],
  name: string,
  edges: readonly number[],
  { total, events, bucket }: { total: number; events: number; bucket: number },
): Tally['instances'] => {
  const old = instances.get(name) ?? { total: 0, events: 0, buckets: [...edges, 0].map(() => 0) }
  const buckets = old.buckets.map((count, index) => count + (index === bucket ? total : 0))
  return new Map(instances).set(name, { total: old.total + total, events: old.events + events, buckets })
}

/** What got no answer, shared evenly among the instances that could have given it; slower than every edge. */
export const withLost = (
  { instances, lost }: Tally,
  names: readonly string[],
  edges: readonly number[],
): Tally['instances'] => {
  const present = instances.size > 0 ? [...instances.keys()] : names
  const all = present.length > 0 ? present : [unnamed]
  const share = (index: number) => Math.floor(lost / all.length) + Number(index < lost % all.length)
  return all.reduce(
    (known, name, index) =>
      share(index) === 0
        ? known
        : withCounts(known, name, edges, {
            total: share(index),
            events: share(index),
            bucket: edges.length,
          }),
    instances,
  )
}
