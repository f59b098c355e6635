import type { Comparison } from './comparison.ts'
import { addCountLook, type CountStream, learn, openStream } from './count-stream.ts'
import { type MetricCriterion, observedBy } from './criterion.ts'
import { addHealth, type HealthState, openHealth } from './health.ts'
import { addCounts, type InstanceCount } from './instance-counts.ts'
import {
  chooseEdges,
  type Edge,
  LOWEST_TAIL_QUANTILE,
  mergeBuckets,
  slowerThan,
  tailShare,
} from './latency-edges.ts'
import type { Buckets, Observation, Sample } from './observation.ts'
import type { Rules } from './settings.ts'
import { addBet, openBets, type SignBets } from './sign-bets.ts'
import { type Fault, type SeenArms, usableArms } from './usable-arms.ts'
import { addValues, openValues, type ValueEvidence } from './value-evidence.ts'
import { isOver, mean, median, valuesOf } from './value-limit.ts'

/** One count under comparison, with its share of the metric's evidence against; `edge` only of latencies. */
export type JudgedStream = { edge: Edge | null; share: number; comparison: Comparison; stream: CountStream }

/** Everything remembered of one metric. JSON. */
export type MetricState = {
  criterion: MetricCriterion
  streams: JudgedStream[]
  /** Latency: what the stable version showed before the edges were frozen. */
  pending: Buckets | null
  bets: SignBets | null
  /** Kind `value` with margins. */
  shift: ValueEvidence | null
  /** Means of the arms' last looks; `over` whether the stable one was over the limit then. */
  values: { canary: number | null; stable: number | null; looks: number; over?: boolean }
  health: HealthState | null
  /** Unix seconds up to which is counted, and of the last look with data of both arms. */
  counted: number | null
  seen: number | null
  fault: Fault | null
} & SeenArms

type ArmSamples = { canary: Sample[]; stable: Sample[] }

/** Fewer requests than these do not show where a tail lies. */
const ENOUGH_FOR_EDGES = 300

/** A metric's state before the first look, with what its history teaches. */
export function openMetric(
  criterion: MetricCriterion,
  history: readonly Observation[],
  rules: Rules,
): MetricState {
  const { kind, margins } = criterion
  const counted = kind === 'ratio' || kind === 'rate'
  const comparison = counted ? comparisonOf(criterion) : null
  const state: MetricState = {
    criterion,
    streams: comparison
      ? [{ edge: null, share: 1, comparison, stream: openStream(comparison, rules.assume) }]
      : [],
    pending: null,
    bets: kind === 'value' ? openBets(margins) : null,
    shift: kind === 'value' && margins.length > 0 ? openValues(margins) : null,
    values: { canary: null, stable: null, looks: 0 },
    health: kind === 'health' ? openHealth() : null,
    counted: null,
    seen: null,
    fault: null,
  }
  const arms = history
    .filter(({ metric }) => metric === observedBy(criterion))
    .sort((a, b) => a.from - b.from)
    .map((one) => ({
      seconds: one.to - one.from,
      ...usableArms({ ...one, canary: [] }, criterion, { ...rules, after: null }),
    }))
    .filter(({ stable }) => stable.length > 0)
  if (arms.length === 0) return state
  if (kind === 'value') {
    let taught = state
    for (const one of arms) taught = { ...taught, shift: shiftAfter(taught, one, rules) }
    return taught
  }
  const opened =
    kind === 'latency'
      ? freezeEdges(
          state,
          arms.flatMap(({ stable }) => stable),
          rules,
        )
      : state
  const streams = opened.streams.map((judged) => {
    const looks = arms.map(({ stable, seconds }) => ({
      canary: [],
      stable: countsFor(judged, stable, criterion),
      seconds,
    }))
    // What froze the edges is learnt here look by look.
    const stream = judged.edge ? { ...judged.stream, baseline: { total: 0, events: 0 } } : judged.stream
    return { ...judged, stream: learn(stream, judged.comparison, looks, rules.assume) }
  })
  return { ...opened, streams }
}

/** The state after one observation of the metric. */
export function addObservation(state: MetricState, observation: Observation, rules: Rules): MetricState {
  const { criterion } = state
  // What a replay after a restart delivers again is known already.
  if (state.counted !== null && observation.to <= state.counted) return state
  const { share, warmUps } = state
  const before = { ...(share ? { share } : {}), ...(warmUps ? { warmUps } : {}) }
  const arms = usableArms(observation, criterion, { ...rules, after: state.counted, seen: before })
  const { canary, stable, fault, onlyAgainst } = arms
  const isRejected = fault?.reason === 'clock-jumped' || (fault?.reason === 'arms-swapped' && !onlyAgainst)
  if (isRejected) return { ...state, fault }
  const complete = canary.length > 0 && (stable.length > 0 || needsNoStable(criterion))
  const next = { ...state, ...arms.seen, fault, counted: observation.to }
  const seen = { ...next, seen: complete ? observation.to : state.seen }
  if (criterion.kind === 'health')
    return { ...seen, health: addHealth(state.health ?? openHealth(), canary, rules.warmUpSeconds) }
  const look = { canary, stable, seconds: observation.to - observation.from, onlyAgainst }
  if (criterion.kind === 'value') return addValuesOf(seen, look, rules)
  return addCountsOf(seen, look, rules)
}

/** Criteria that look at the canary alone. */
export function needsNoStable({ kind, margins, objective }: MetricCriterion): boolean {
  return kind === 'health' || margins.length === 0 || objective !== undefined
}

function addCountsOf(
  state: MetricState,
  { canary, stable, seconds, onlyAgainst }: ArmSamples & { seconds: number; onlyAgainst: boolean },
  rules: Rules,
): MetricState {
  const { criterion } = state
  if (criterion.kind === 'latency' && state.streams.length === 0)
    return onlyAgainst ? state : freezeEdges(state, stable, rules)
  let fault = state.fault
  const streams = state.streams.map((judged) => {
    const look = {
      canary: countsFor(judged, canary, criterion),
      stable: countsFor(judged, stable, criterion),
      seconds,
      onlyAgainst,
    }
    for (const [arm, samples] of [
      ['canary', canary],
      ['stable', stable],
    ] as const)
      if (judged.edge && samples.length > 0 && look[arm].length === 0) {
        const detail = `${criterion.metric}: the ${arm} arm has no bucket edge at ${judged.edge.edge}, where latency is judged`
        fault ??= { reason: 'bucket-edges-differ', detail }
      }
    return { ...judged, stream: addCountLook(judged.stream, judged.comparison, look, rules.assume) }
  })
  return { ...state, streams, fault }
}

/** Events as harm counts them: of a share that should be high, what is missing from it. */
function countsFor(
  { edge }: JudgedStream,
  samples: readonly Sample[],
  criterion: MetricCriterion,
): InstanceCount[] {
  if (edge) return slowerThan(samples, edge.edge)
  const missing = criterion.kind === 'ratio' && criterion.direction === 'higher-is-better'
  const counts = samples.map(({ instance, total, events = 0 }) => ({
    instance,
    total,
    events: missing ? total - events : events,
  }))
  return addCounts([], counts)
}

function comparisonOf(criterion: MetricCriterion): Comparison {
  const { kind, direction, unit, margins, ceiling, objective } = criterion
  const higher = direction === 'higher-is-better'
  const relative = (unit ?? (kind === 'rate' ? 'relative' : 'share')) === 'relative'
  const limit = ceiling === undefined ? null : kind === 'ratio' && higher ? 1 - ceiling : ceiling
  return {
    scale: relative ? 'relative' : 'absolute',
    ...(kind === 'ratio' ? { share: true as const } : {}),
    worse: kind === 'rate' && higher ? -1 : 1,
    margins,
    ceiling: limit,
    ...(criterion.ceilingTimes === undefined ? {} : { ceilingTimes: criterion.ceilingTimes }),
    ...(objective === undefined ? {} : { objective }),
  }
}

/** Latency: the edges, once enough requests of the stable version were seen to choose them. */
function freezeEdges(state: MetricState, stable: readonly Sample[], rules: Rules): MetricState {
  const { criterion, pending } = state
  const histograms = stable.flatMap(({ buckets }) => (buckets ? [buckets] : []))
  const merged = mergeBuckets(pending ? [pending, ...histograms] : histograms)
  const total = merged ? merged.counts.reduce((sum, count) => sum + count, 0) : 0
  if (!merged || total < ENOUGH_FOR_EDGES) return { ...state, pending: merged }
  const edges = chooseEdges(merged, criterion.quantile ?? 0.99)
  const streams = edges.map((edge) => {
    const comparison = edgeComparison(criterion, edge, merged)
    const baseline = { total, events: Math.round(total * edge.tail) }
    const share = edges.length === 1 ? 1 : edge.proves ? 0.5 : 0.5 / (edges.length - 1)
    return { edge, share, comparison, stream: { ...openStream(comparison, rules.assume), baseline } }
  })
  return { ...state, pending: null, streams }
}

/**
 * Margins at one edge. Absolute ones hold at the edge to prove; elsewhere at least half the tail may be added. "Slower by
 * s" is turned into shares: a canary whose every request takes 1 + s times as long has the stable tail of edge / (1 + s).
 */
function edgeComparison(
  criterion: MetricCriterion,
  { edge, tail, proves }: Edge,
  stable: Buckets,
): Comparison {
  const { margins, unit = 'share' } = criterion
  if (unit === 'relative') return { scale: 'relative', share: true, worse: 1, margins, ceiling: null }
  const least = Math.max(tail / 2, 0.001)
  // A few slow requests more must not look like a slower tail; of what half of all requests exceed there are enough.
  const fewest = (criterion.quantile ?? 0.99) < LOWEST_TAIL_QUANTILE ? 0.001 : least / 2
  const share = (margin: number, shape?: 'likely') =>
    unit === 'slower'
      ? Math.max(tailShare(stable, edge / (1 + margin), shape) - tail, fewest)
      : proves
        ? margin
        : Math.max(margin, least)
  const absolute = {
    scale: 'absolute',
    share: true,
    worse: 1,
    margins: margins.map((one) => share(one)),
    ceiling: null,
  } as const
  return unit === 'slower' ? { ...absolute, blamed: share(Math.min(...margins), 'likely') } : absolute
}

function addValuesOf(
  state: MetricState,
  look: { canary: Sample[]; stable: Sample[]; seconds: number },
  rules: Rules,
): MetricState {
  const { criterion, bets, values } = state
  const { ceiling } = criterion
  const worse = worseOf(criterion)
  const [mine, others] = [valuesOf(look.canary), valuesOf(look.stable)]
  const [one, other] = [median(mine), median(others)]
  const over = (some: readonly number[]) => ceiling !== undefined && isOver(some, ceiling, worse)
  // What stable showed last stands for it once it is gone.
  const stableOver = others.length > 0 ? over(others) : (values.over ?? false)
  const next = {
    ...state,
    shift: shiftAfter(state, look, rules),
    values: {
      canary: mean(mine) ?? values.canary,
      stable: mean(others) ?? values.stable,
      looks: values.looks + (one === null ? 0 : 1),
      ...(ceiling === undefined ? {} : { over: stableOver }),
    },
  }
  if (one === null || !bets || (other === null && ceiling === undefined)) return next
  const by = other === null ? null : relativeChange(one, other) * worse
  if (ceiling === undefined) return { ...next, bets: addBet(bets, by, null) }
  const isOut = over(mine)
  const kept = !isOut && worse * ((mean(mine) ?? one) - ceiling) <= 0
  return { ...next, bets: addBet(bets, by, { canary: isOut, stable: stableOver, kept }) }
}

function shiftAfter(
  { shift, criterion }: MetricState,
  { canary, stable, seconds }: { canary?: Sample[]; stable: Sample[]; seconds: number },
  { assume }: Rules,
): ValueEvidence | null {
  if (!shift) return null
  const named = (samples: readonly Sample[]) =>
    samples.map(({ instance, value = 0 }) => ({ instance, value }))
  const look = { canary: named(canary ?? []), stable: named(stable), seconds }
  return addValues(shift, look, worseOf(criterion), assume.spread)
}

function worseOf({ direction }: MetricCriterion): 1 | -1 {
  return direction === 'lower-is-better' ? 1 : -1
}

function relativeChange(one: number, other: number): number {
  if (one === other) return 0
  return other === 0 ? Math.sign(one) * Number.MAX_VALUE : (one - other) / Math.abs(other)
}
