import type { MetricCriterion } from './criterion.ts'
import { type Observation, requests, type Sample } from './observation.ts'
import { isEnough, looksExchanged, type SeenShare, shareWith, shrankTo } from './seen-share.ts'
import type { VerdictReason } from './verdict-reasons.ts'
import { openWarmUps, pastWarmUp, type WarmUps } from './warm-up.ts'

/** Why an observation (or a part of it) proves nothing. */
export type Fault = { reason: VerdictReason; detail: string; instance?: string }

/** What is remembered between looks to tell what can be judged. JSON. */
export type SeenArms = { share?: SeenShare; warmUps?: WarmUps }

/** What of an observation can be judged; with `onlyAgainst` it may speak against the release, and teaches nothing. */
export type UsableArms = {
  canary: Sample[]
  stable: Sample[]
  fault: Fault | null
  onlyAgainst: boolean
  seen: SeenArms
}

/** More of the canary's requests than this may not be left out while a step is proven. */
const MOST_LEFT_OUT = 1 / 3

/**
 * The samples that can be judged: finite, possible, past their warm-up. `after` is the end of what was already counted:
 * an interval that begins before it would be counted twice and is left out as a whole. Counts of arms that may be exchanged
 * are still heard against the release; plain values and health are not, as nothing tells them from the other version's.
 */
export function usableArms(
  observation: Observation,
  criterion: MetricCriterion,
  { warmUpSeconds, after, seen = {} }: { warmUpSeconds: number; after: number | null; seen?: SeenArms },
): UsableArms {
  const nothing = { canary: [], stable: [], onlyAgainst: false, seen }
  const whole = wholeFault(observation, criterion, after)
  if (whole) return { ...nothing, fault: whole }
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
  const { kind } = criterion
  const [canary, stable] = [arm('canary'), arm('stable')]
  const possible = { ...observation, canary, stable }
  const exchanged = exchangedFault(possible, criterion, seen.share)
  if (exchanged && (kind === 'value' || kind === 'health')) return { ...nothing, fault: exchanged }
  if (kind === 'health') return { ...nothing, canary, stable, fault }
  if (!Number.isFinite(observation.weight)) {
    const detail = `${criterion.metric}: the weight is ${observation.weight}; it is left out`
    return { ...nothing, fault: { reason: 'bad-data', detail } }
  }
  const { weight } = observation
  const warmUps = seen.warmUps?.weight === weight ? seen.warmUps : openWarmUps(weight)
  const share = shareWith(seen.share ?? null, possible)
  const isKnown = kind !== 'value' && Object.values(share).every(Number.isFinite)
  const one = pastWarmUp(warmUps.canary, canary, warmUpSeconds)
  const other = pastWarmUp(warmUps.stable, stable, warmUpSeconds)
  const usable = { canary: one.warm, stable: other.warm }
  return {
    ...usable,
    fault:
      fault ??
      exchanged ??
      emptyFault(criterion, { canary, stable }, usable) ??
      partFault(criterion, possible, one.leftOut, seen.share),
    onlyAgainst: exchanged !== null,
    seen: {
      ...(isKnown ? { share } : {}),
      ...(warmUpSeconds > 0 ? { warmUps: { weight, canary: one.after, stable: other.after } } : {}),
    },
  }
}

/** Where much of the canary is not judged, or not there any more. */
function partFault(
  { metric, kind }: MetricCriterion,
  observation: Observation,
  leftOut: number,
  share: SeenShare | undefined,
): Fault | null {
  if (leftOut > MOST_LEFT_OUT) {
    const what = `${Math.round(100 * leftOut)} % of the canary's ${kind === 'value' ? 'instances' : 'requests'}`
    return {
      reason: 'warming-up',
      detail: `${metric}: ${what} are not judged: instances within their warm-up`,
    }
  }
  const shrank = kind === 'value' || !share ? null : shrankTo(share, observation)
  return shrank === null ? null : { reason: 'canary-shrank', detail: `${metric}: ${shrank}` }
}

function wholeFault(
  observation: Observation,
  { metric, kind }: MetricCriterion,
  after: number | null,
): Fault | null {
  const { from, to } = observation
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
  return null
}

function exchangedFault(
  observation: Observation,
  { metric, kind }: MetricCriterion,
  seen: SeenShare | undefined,
): Fault | null {
  const { canary, stable } = observation
  const names = new Set(canary.map(({ instance }) => instance))
  const both = stable.find(({ instance }) => names.has(instance))
  if (both) {
    const detail = `${metric}: instance ${shown(both.instance)} is in both arms; check the queries' selectors`
    return { reason: 'arms-swapped', detail, instance: both.instance }
  }
  if (kind === 'value' || kind === 'health') return null
  const own = shareWith(null, observation)
  const enough = isEnough(own) ? own : shareWith(seen ?? null, observation)
  return looksExchanged(enough)
    ? {
        reason: 'arms-swapped',
        detail: `${metric}: the canary got the stable version's share of the traffic`,
      }
    : null
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
