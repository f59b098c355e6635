import { z } from 'zod'
import { type Buckets, type Observation, observationSchema, type Sample } from '../verdict/observation.ts'

/**
 * The `probes` output of canary-step: what its probes came to. The job that made it runs the caller's deployment, so it is
 * a claim of that job; it can be judged again, not checked.
 */
const probeReport = z.object({
  schema: z.literal(1),
  digest: z.string(),
  deployment: z.number().int(),
  observations: z.array(observationSchema).max(5_000),
})

type About = { digest: string; deployment: number }

/** A variable of a process holds 128 KiB on Linux; inputs of an action are variables. */
export const mostCharacters = 100_000

/**
 * What was told as text that fits into an output. Where it is too long, neighbours in time become one, which the judge
 * takes as well; `boundaries` are moments (Unix seconds) over which nothing is merged. '' where it cannot be made to fit.
 */
export const writeProbeReport = (
  about: About,
  told: readonly Observation[],
  boundaries: readonly number[] = [],
): string => {
  let observations = told.map(rounded)
  for (;;) {
    const text = JSON.stringify({ schema: 1, ...about, observations })
    if (text.length <= mostCharacters) return text
    const fewer = merged(observations, boundaries)
    if (fewer.length === observations.length) return ''
    observations = fewer
  }
}

/** Reads the output; null when it is empty, about another rollout, or not of this form. Only `checks` are heard. */
export const readProbeReport = (
  text: string,
  about: About,
  checks: readonly string[],
): Observation[] | null => {
  if (text.trim() === '' || text.length > 10 * mostCharacters) return null
  try {
    const found = probeReport.safeParse(JSON.parse(text)).data
    if (!found || found.digest !== about.digest || found.deployment !== about.deployment) return null
    return found.observations.filter(({ metric }) => checks.includes(metric))
  } catch {
    return null
  }
}

const rounded = (observation: Observation): Observation => {
  const short = (value: number) => Math.round(value * 1000) / 1000
  const sample = (one: Sample): Sample => (one.age === undefined ? one : { ...one, age: Math.floor(one.age) })
  return {
    ...observation,
    from: short(observation.from),
    to: short(observation.to),
    canary: observation.canary.map(sample),
    stable: observation.stable.map(sample),
  }
}

/** Every other observation of a metric joined with the one before it. */
const merged = (all: readonly Observation[], boundaries: readonly number[]): Observation[] => {
  const names = [...new Set(all.map(({ metric }) => metric))]
  return names.flatMap((name) => {
    const own = all.filter(({ metric }) => metric === name)
    const kept: Observation[] = []
    for (let at = 0; at < own.length; at += 1) {
      const [one, next] = [own[at], own[at + 1]]
      if (one && next && joins(one, next, boundaries)) {
        kept.push(join(one, next))
        at += 1
      } else if (one) kept.push(one)
    }
    return kept
  })
}

/** What was seen before anybody was exposed is no evidence and stays apart. */
const joins = (one: Observation, next: Observation, boundaries: readonly number[]): boolean =>
  Math.abs(one.to - next.from) < 0.01 &&
  one.canary.length > 0 === next.canary.length > 0 &&
  !boundaries.some((moment) => one.to <= moment && next.to > moment)

const join = (one: Observation, next: Observation): Observation => ({
  ...one,
  to: next.to,
  canary: sum(one.canary, next.canary),
  stable: sum(one.stable, next.stable),
})

const sum = (one: readonly Sample[], next: readonly Sample[]): Sample[] => {
  const all = new Map(one.map((sample) => [sample.instance, sample]))
  for (const sample of next) {
    const old = all.get(sample.instance)
    all.set(sample.instance, old ? added(old, sample) : sample)
  }
  return [...all.values()]
}

const added = (old: Sample, sample: Sample): Sample => ({
  ...old,
  total: old.total + sample.total,
  ...(old.events === undefined || sample.events === undefined ? {} : { events: old.events + sample.events }),
  ...(old.buckets && sample.buckets ? { buckets: addBuckets(old.buckets, sample.buckets) } : {}),
})

const addBuckets = (old: Buckets, { counts }: Buckets): Buckets => ({
  le: old.le,
  counts: old.counts.map((count, index) => count + (counts[index] ?? 0)),
})
