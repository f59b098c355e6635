import type { Observation, Sample } from '../verdict/observation.ts'
import { type Arm, type Tally, unnamed, withLost } from './tally.ts'

/** A check that is read from probes. */
export type ProbeCheck = { name: string; kind: string }

export type Span = {
  from: number
  to: number
  edges: readonly number[]
  /** Seconds since an instance of the new version first answered; null where it is not known to be new. */
  age: (arm: Arm, instance: string) => number | null
  /** Instances that answered before. */
  known: (arm: Arm) => readonly string[]
}

/** Both versions get as many probes, whatever their share of the users' requests is. */
const even = 50

/** The tallies of a span of time as observations, one for each check. Times in Unix seconds. */
export const probeObservations = (
  tallies: Readonly<Record<Arm, Tally>>,
  checks: readonly ProbeCheck[],
  span: Span,
): Observation[] => {
  const samples = (arm: Arm, kind: 'ratio' | 'latency'): Sample[] =>
    [...withLost(tallies[arm], span.known(arm), span.edges)].map(([name, { total, events, buckets }]) => {
      const age = span.age(arm, name)
      return {
        // Answers that name no instance must not look as if both versions shared one.
        instance: name === unnamed || name === 'others' ? `${arm}: ${name}` : name,
        total,
        ...(age === null ? {} : { age }),
        ...(kind === 'ratio' ? { events } : { buckets: { le: [...span.edges], counts: buckets } }),
      }
    })
  return checks.flatMap(({ name, kind }) =>
    kind === 'ratio' || kind === 'latency'
      ? [
          {
            schema: 1 as const,
            metric: name,
            kind,
            from: span.from,
            to: span.to,
            weight: even,
            canary: samples('canary', kind),
            stable: samples('stable', kind),
          },
        ]
      : [],
  )
}

/**
 * Why the probes of a span say nothing of the release, or null. Two versions that fail alike are not alike: where the
 * stable one gave no good answer, nothing is there to compare with, and that is a state of its own, never a proof.
 */
export const probesDown = ({ canary, stable }: Readonly<Record<Arm, Tally>>): string | null => {
  const last = ({ why }: Tally) => (why === null ? '' : ` (last: ${why})`)
  if (stable.finished > 0 && stable.answered + canary.answered + stable.strayed + canary.strayed === 0)
    return `probes: neither version answered${last(stable)}`
  if (stable.finished > 0 && stable.good === 0)
    return `probes: the stable version gave no good answer to ${stable.finished} probes${last(stable)}, so there is nothing to compare with`
  return null
}

/** What was odd, each in one sentence. */
export const probeNotes = (tallies: Readonly<Record<Arm, Tally>>, concurrency: number): string[] =>
  (['canary', 'stable'] as const).flatMap((arm) => {
    const { strayed, skipped, finished, good, why } = tallies[arm]
    const which = arm === 'canary' ? 'the new version' : 'the stable version'
    return [
      ...(strayed > 0
        ? [
            `probes: answers to probes of ${which} came from another version, or did not say from which; they are left out`,
          ]
        : []),
      ...(skipped > 0
        ? [
            `probes: some probes of ${which} were not sent, because ${concurrency} were under way (metrics.probes.concurrency)`,
          ]
        : []),
      ...(good < finished && why !== null ? [`probes: ${which} gave bad answers, such as: ${why}`] : []),
    ]
  })
