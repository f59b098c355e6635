import { Temporal } from 'temporal-polyfill'
import type { SchedulePolicy } from '../config/schedule-policy.ts'
import { cut } from '../text/visible.ts'
import { iso, momentOf, overlaps, type Span } from './moment.ts'
import type { ReleaseType } from './release-types.ts'

export type BusyKind = 'freeze' | 'holiday' | 'team' | 'release'

/** Time that something else holds. A `team` one keeps a person away; the others keep releases out. */
export type Busy = Span & {
  kind: BusyKind
  title: string
  /** The calendar, and the line where it is known. */
  source: string
  /** Types of release that it does not hold. */
  exempt: readonly ReleaseType[]
}

/** A freeze or a holiday never holds what ends harm, unless its calendar says so. */
export const defaultExempt = (kind: BusyKind): readonly ReleaseType[] =>
  kind === 'freeze' || kind === 'holiday' ? ['hotfix', 'security'] : []

/** Freezes that stand in the configuration itself. @throws ConfigurationError for days that do not exist */
export const configuredFreezes = (policy: Pick<SchedulePolicy, 'freezes' | 'zone'>): Busy[] =>
  policy.freezes.map(({ name, from, to, exempt }) => ({
    kind: 'freeze' as const,
    title: cut(name, 200),
    source: 'schedule.freezes',
    start: iso(momentOf(from, policy.zone)),
    end: iso(momentOf(to, policy.zone, true)),
    exempt: exempt ?? defaultExempt('freeze'),
  }))

/** What holds a release of this type in this span; a team's absences do not, they lower availability. */
export const holding = (busy: readonly Busy[], span: Span, type: ReleaseType, gap = 0): Busy[] => {
  const widened = gap > 0 ? widen(span, gap) : span
  return busy.filter(
    (each) =>
      each.kind !== 'team' &&
      !each.exempt.includes(type) &&
      overlaps(each, each.kind === 'release' ? widened : span),
  )
}

const widen = ({ start, end }: Span, seconds: number): Span => ({
  start: iso(Temporal.Instant.from(start).subtract({ seconds })),
  end: iso(Temporal.Instant.from(end).add({ seconds })),
})

export type UnderWay = { action: 'go-on' | 'finish' | 'return'; why: string }

/**
 * What a rollout does when a freeze begins under way: never to stay at a part of the traffic. It finishes by the proven
 * steps, or returns to the previous version, as `schedule.inflight` says; nothing starts.
 */
export const freezeUnderWay = (
  busy: readonly Busy[],
  at: string,
  release: { type: ReleaseType; weight: number; policy: SchedulePolicy['inflight'] },
): UnderWay => {
  const moment: Span = { start: at, end: iso(Temporal.Instant.from(at).add({ seconds: 1 })) }
  const freeze = holding(busy, moment, release.type).find(({ kind }) => kind === 'freeze')
  if (!freeze) return { action: 'go-on', why: 'no freeze holds this release now' }
  const words = `freeze "${freeze.title}" (${freeze.source}) until ${freeze.end}`
  if (release.weight === 0)
    return { action: 'return', why: `${words}: nothing was exposed yet, nothing starts` }
  if (release.weight >= 100) return { action: 'finish', why: `${words}: everything is exposed already` }
  return release.policy === 'finish'
    ? { action: 'finish', why: `${words} began at ${release.weight} %: the rollout goes on by proven steps` }
    : {
        action: 'return',
        why: `${words} began at ${release.weight} %: traffic returns to the previous version`,
      }
}
