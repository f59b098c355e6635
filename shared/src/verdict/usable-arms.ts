import type { MetricCriterion } from './criterion.ts'
import type { Observation, Sample } from './observation.ts'
import type { VerdictReason } from './verdict-reasons.ts'

/** Why an observation (or a part of it) says nothing. */
export type Fault = { reason: VerdictReason; detail: string; instance?: string }

/** Requests of both arms at one weight: looks of a quiet service say only together whether the arms are exchanged. */
export type SeenShare = { weight: number; canary: number; stable: number }

/** What of an observation can be judged. */
export type UsableArms = { canary: Sample[]; stable: Sample[]; fault: Fault | null }

/**
 * The samples that can be judged: finite, possible, past their warm-up. `after` is the end of what was already counted:
 * an interval that begins before it would be counted twice and is left out as a whole. `share`: what was seen with it.
 */
export function usableArms(
  observation: Observation,
  criterion: MetricCriterion,
  { warmUpSeconds, after, share }: { warmUpSeconds: number; after: number | null; share?: SeenShare },
): UsableArms {
  const whole = wholeFault(observation, criterion, after, share ?? shareWith(null, observation))
  if (whole) return { canary: [], stable: [], fault: whole }
  let fault: Fault | null = null
  const arm = (name: 'canary' | 'stable') =>
    observation[name].filter((sample) => {
      const wrong = impossible(sample, criterion)
      if (!wrong) return true
      const instance = shown(sample.instance)
      const detail = `${criterion.metric}: instance ${instance} of the ${name} arm reports ${wrong}; it is left out`
      fault ??= { reason: 'bad-data', detail, instance: sample.instance }
      return false
    })
  const [canary, stable] = [arm('canary'), arm('stable')]
  if (criterion.kind === 'health') return { canary, stable, fault }
  const warm = (sample: Sample) => sample.age === undefined || sample.age >= warmUpSeconds
  const usable = { canary: canary.filter(warm), stable: stable.filter(warm) }
  return { ...usable, fault: fault ?? emptyFault(criterion, { canary, stable }, usable) }
}

function wholeFault(
  observation: Observation,
  { metric, kind }: MetricCriterion,
  after: number | null,
  share: SeenShare,
): Fault | null {
  const { from, to, canary, stable } = observation
  if (observation.kind !== kind) {
    const detail = `${metric}: the criterion is about a ${kind}, the observation is a ${observation.kind}`
    return { reason: 'bad-data', detail }
  }
  if (!Number.isFinite(from) || !Number.isFinite(to) || to <= from)
    return {
      reason: 'clock-jumped',
      detail: `${metric}: the interval ends (${to}) no later than it begins (${from})`,
    }
  if (after !== null && from < after - 0.001) {
    const detail = `${metric}: the interval from ${from} overlaps what was counted up to ${after}; it is left out`
    return { reason: 'clock-jumped', detail }
  }
  const names = new Set(canary.map(({ instance }) => instance))
  const both = stable.find(({ instance }) => names.has(instance))
  if (both) {
    const detail = `${metric}: instance ${shown(both.instance)} is in both arms; check the queries' selectors`
    return { reason: 'arms-swapped', detail, instance: both.instance }
  }
  const own = shareWith(null, observation)
  const enough = own.canary + own.stable >= ENOUGH ? own : share
  return observation.kind !== 'value' && observation.kind !== 'health' && looksSwapped(enough)
    ? {
        reason: 'arms-swapped',
        detail: `${metric}: the canary got the stable version's share of the traffic`,
      }
    : null
}

/** Fewer requests show no share. */
const ENOUGH = 50

/** The requests that were seen, with those of one more observation; from nothing where the weight changed. */
export function shareWith(seen: SeenShare | null, { weight, canary, stable }: Observation): SeenShare {
  const sum = (samples: Sample[]) => samples.reduce((total, sample) => total + requests(sample), 0)
  const before = seen?.weight === weight ? seen : { canary: 0, stable: 0 }
  return { weight, canary: before.canary + sum(canary), stable: before.stable + sum(stable) }
}

/** The arms' shares fit the weight only when exchanged. Cannot be told between a third and two thirds. */
function looksSwapped({ weight, canary, stable }: SeenShare): boolean {
  if (weight <= 0 || weight >= 100) return false
  if (!(canary + stable >= ENOUGH) || canary === 0 || stable === 0) return false
  const wanted = Math.log(weight / (100 - weight))
  return Math.abs(wanted) > Math.LN2 && Math.abs(Math.log(canary / stable) + wanted) < Math.LN2
}

/** Requests of a sample: of a histogram, what is in it. */
export function requests({ total, buckets }: Sample): number {
  return buckets ? buckets.counts.reduce((sum, count) => sum + count, 0) : total
}

function impossible(sample: Sample, { kind }: MetricCriterion): string | null {
  const { total, events, buckets, value, up } = sample
  if (kind === 'health') return up === undefined ? 'no health' : null
  if (kind === 'value')
    return typeof value === 'number' && Number.isFinite(value) ? null : `the value ${value}`
  if (kind === 'latency') {
    if (!buckets) return 'no histogram'
    if (buckets.counts.length !== buckets.le.length + 1)
      return 'a histogram whose buckets do not fit its edges'
    if (buckets.le.some((edge, at) => !(edge > (buckets.le[at - 1] ?? Number.NEGATIVE_INFINITY))))
      return 'a histogram whose edges do not ascend'
    if (!buckets.le.every(Number.isFinite))
      return 'a histogram with an infinite edge; the last bucket has none'
    const wrong = buckets.counts.find((count) => !isCount(count))
    return wrong === undefined ? null : `${wrong} requests in a bucket`
  }
  if (!isCount(total)) return `${total} requests`
  if (events === undefined) return 'no events'
  if (!isCount(events)) return `${events} events`
  return kind === 'ratio' && events > total ? `more events (${events}) than requests (${total})` : null
}

/** A million a second for a day is less. From a hundred times as many on, floats no longer tell likelihoods apart. */
const MOST = 1e11

function isCount(value: number): boolean {
  return value >= 0 && value <= MOST
}

function emptyFault(
  { metric, kind, margins, objective }: MetricCriterion,
  all: { canary: Sample[]; stable: Sample[] },
  usable: { canary: Sample[]; stable: Sample[] },
): Fault | null {
  for (const arm of ['canary', 'stable'] as const) {
    if (arm === 'stable' && (margins.length === 0 || objective !== undefined)) continue
    if (all[arm].length === 0) return { reason: 'no-data', detail: `${metric}: no data of the ${arm} arm` }
    if (usable[arm].length === 0)
      return {
        reason: 'warming-up',
        detail: `${metric}: every instance of the ${arm} arm is within its warm-up`,
      }
    if (kind !== 'value' && usable[arm].every((sample) => requests(sample) === 0))
      return { reason: 'no-traffic', detail: `${metric}: no requests on the ${arm} arm` }
  }
  return null
}

/** An untrusted name, quoted and short. */
function shown(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name)
}
