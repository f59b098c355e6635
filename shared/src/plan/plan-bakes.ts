import type { Config } from '../config/config.ts'
import { criteriaOf } from '../rollout/criteria.ts'
import { ladder, type Rung } from '../rollout/ladder.ts'
import { showSeconds } from '../text/show-seconds.ts'
import { AGGREGATED_SPREAD } from '../verdict/dispersion.ts'
import { planBake } from '../verdict/plan-bake.ts'
import { smallestProvableMargin } from '../verdict/provable.ts'
import { canaryInstances, type KnownInstances, neverProvable } from './never-provable.ts'
import type { BakedStep, BakeTraffic, PlannedBake } from './planned-bake.ts'

/** What was seen of one check, or the sentence why nothing was. */
export type Measured = { name: string; traffic: BakeTraffic | null; missing: string | null }

/** Rates for which the table is shown where the traffic is unknown. */
const examples = [5, 20, 50, 200]
/** Evidence that the judge asks for between steps, and at the last one that is compared. */
const wanted = { between: 10, last: 20 }
/** What is left of ordinary counts after half an hour of history; degrees of freedom of the assumed spread. */
const ordinary = 1.05
const freedom = 4

/**
 * Plans the bake of every step for every check of bad requests: at the measured traffic, else at what
 * `rollout.assume.rate` says, else for four examples. Null where no such check is configured.
 */
export const planBakes = (
  policy: Pick<Config, 'metrics' | 'rollout'>,
  measured: readonly Measured[] = [],
): PlannedBake | null => {
  const rungs = ladder(policy.rollout).filter((rung) => rung.margin !== null && !rung.last)
  const all = criteriaOf(policy.metrics, rungs).filter(({ kind }) => kind !== 'health')
  const checks = all.filter(
    ({ kind, unit, margins }) => kind === 'ratio' && unit === 'share' && margins.length > 0,
  )
  if (checks.length === 0) return null
  const own = checks.filter(({ source }) => source !== 'probes')
  const { rate, errors, instances } = policy.rollout.assume
  const seen = (name: string) => measured.find((each) => each.name === name)
  const notes = own.flatMap(({ metric }) => seen(metric)?.missing ?? [])
  const others = all.filter((each) => each.required && !checks.includes(each))
  if (others.length > 0)
    notes.push(
      `planned for shares of bad requests only; ${others.map(({ metric }) => metric).join(', ')} may take longer`,
    )
  notes.push(...neverProvable(all, rungs, instancesOf(measured, policy.rollout), policy.rollout, wanted))
  const known = rate !== undefined || own.length === 0 || own.some(({ metric }) => seen(metric)?.traffic)
  const steps = (margins: readonly number[], traffic: BakeTraffic): BakedStep[] =>
    rungs.map((rung, index) => {
      const margin = margins[Math.min(index, margins.length - 1)] ?? 0
      const evidence = index === rungs.length - 1 ? wanted.last : wanted.between
      return bakeStep(rung, margin, traffic, policy.rollout, evidence)
    })
  const assumed = (at: number, source: string): BakeTraffic => ({ rate: at, errors, instances, source })
  const cases = known
    ? own.flatMap(({ metric, margins }) => {
        const traffic = seen(metric)?.traffic ?? (rate === undefined ? null : assumed(rate, 'rollout.assume'))
        return traffic ? [{ name: metric, traffic, steps: steps(margins, traffic) }] : []
      })
    : own.slice(0, 1).flatMap(({ metric, margins }) =>
        examples.map((at) => {
          const traffic = assumed(at, 'an example: the traffic is unknown')
          return { name: metric, traffic, steps: steps(margins, traffic) }
        }),
      )
  const probed = probeTraffic(policy)
  const probes = checks.flatMap(({ metric, margins, source }) =>
    source === 'probes' && probed ? [{ name: metric, traffic: probed, steps: steps(margins, probed) }] : [],
  )
  return { known, cases, probes, notes: [...new Set(notes)] }
}

/** The instances that were seen of any check, else those that are assumed. */
const instancesOf = (measured: readonly Measured[], { assume }: Config['rollout']): KnownInstances => {
  const seen = measured.flatMap(({ traffic }) => traffic?.instances ?? [])
  return seen.length > 0
    ? { count: Math.max(...seen), source: 'seen in the last day' }
    : { count: assume.instances, source: 'rollout.assume.instances' }
}

/** As many probes go to each version. An arm whose answers name no instance is one to the judge. */
const probeTraffic = ({ metrics, rollout }: Pick<Config, 'metrics' | 'rollout'>): BakeTraffic | null => {
  const { rate, answers } = metrics?.probes ?? {}
  if (rate === undefined) return null
  const { errors, instances } = rollout.assume
  return {
    rate,
    errors,
    instances: answers?.instance ? instances : 1,
    source: 'metrics.probes.rate',
    each: true,
  }
}

const bakeStep = (
  rung: Rung,
  share: number,
  { rate, errors, instances, each }: BakeTraffic,
  { assume, look }: Config['rollout'],
  evidence: number,
): BakedStep => {
  const part = rung.weight / 100
  const canaries = canaryInstances(instances, rung.weight)
  const parts = each ? { canary: rate, stable: rate } : { canary: rate * part, stable: rate * (1 - part) }
  // Minutes of probes have taught next to nothing: what is assumed holds.
  const dispersion = each ? assume.dispersion : ordinary
  // One series does not show how instances differ, and the judge believes more of it.
  const spread = instances === 1 ? Math.max(assume.spread, AGGREGATED_SPREAD) : assume.spread
  const margin = Number((share * 100).toPrecision(6))
  const baseline = errors / 100
  const { half, most, smallest } = planBake(
    {
      ...parts,
      canaryInstances: canaries,
      stableInstances: instances,
      dispersion,
      spread,
      freedom,
      lookSeconds: look,
    },
    baseline,
    share,
    1 / evidence,
  )
  const scale = spread * Math.sqrt(1 / canaries + 1 / instances)
  const within =
    baseline > 0 && rate > 0
      ? smallestProvableMargin({ scale: 'absolute', worse: 1 }, baseline, { scale, freedom }, evidence, {
          canaryTotal: parts.canary * rung.max,
          stableTotal: parts.stable * rung.max,
          dispersion,
        })
      : null
  const provable = within ? points(Math.max(within.margin, smallest) * 100) : null
  return {
    weight: rung.weight,
    margin,
    half,
    most,
    min: rung.min,
    max: rung.max,
    smallest: provable,
    warning: warningOf({ rung, margin, half, most, provable }),
  }
}

/** Percentage points with two digits, rounded up: what is named must be provable. */
const points = (value: number): number => {
  const step = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Number((Math.ceil(value / step) * step).toPrecision(6))
}

const warningOf = (known: {
  rung: Rung
  margin: number
  half: number | null
  most: number | null
  provable: number | null
}): string | null => {
  const { rung, margin, half, most, provable } = known
  const smaller =
    provable === null ? '' : `; the smallest margin it can be expected to prove is ${provable} pp`
  if (half === null) return `cannot prove ${margin} pp however long it bakes${smaller}`
  if (half > rung.max)
    return `half of such steps need more than ${showSeconds(half)} to prove ${margin} pp, the patience is ${showSeconds(rung.max)}${smaller}`
  if (most === null || most > rung.max)
    return `${most === null ? 'some' : 'one in ten or more'} of such steps will not have proven ${margin} pp after ${showSeconds(rung.max)}${most === null ? '' : `; nine of ten need ${showSeconds(most)}`}`
  return null
}
