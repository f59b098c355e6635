import { earlierArm } from '../../history/earlier-arm.ts'
import type { Look, MetricsProvider } from '../../ports/metrics.ts'

/** Providers that count by the minute are asked for whole minutes; half a minute is nothing against ten. */
const wholeMinutes = (shift: number): number => (shift >= 600 ? Math.round(shift / 60) * 60 : shift)

export type Earlier = {
  /** Names of the checks that are compared with another time. */
  checks: readonly string[]
  /** When that time began, in Unix seconds; null when nobody knows. */
  liveAt: number | null
  /** What is said when nobody knows. */
  unknown: string
  /** Keeps what was measured side by side. */
  unless?: 'beside'
  /** A second provider of these checks: what it remembers of ages and counters belongs to the other time. */
  provider: MetricsProvider
}

/**
 * A provider whose stable arm was measured the same length of time after `liveAt` as the new version is after the moment
 * that `anchor` names. Before that moment, and for all other checks, nothing is changed.
 */
export const withEarlier = (inner: MetricsProvider, earlier: Earlier): MetricsProvider => {
  const { checks, liveAt, unknown, unless, provider } = earlier
  let anchor: number | null = null
  const read = async (answer: Look, to: number, signal?: AbortSignal): Promise<Look> => {
    const start = anchor
    // What lies before the first exposure is history: it teaches the noise of the version that runs.
    if (start === null || to <= start + 0.0005) return answer
    const [compared, others] = [true, false].map((wanted) =>
      answer.observations.filter(({ metric }) => checks.includes(metric) === wanted),
    )
    const join = (observations: Look['observations'], more: Partial<Look>): Look => ({
      observations: [...(others ?? []), ...observations],
      down: answer.down ?? more.down ?? null,
      notes: [...(answer.notes ?? []), ...(more.notes ?? [])],
      ...(answer.waiting ? { waiting: answer.waiting } : {}),
    })
    if (liveAt === null) {
      const blank = unless === 'beside' ? (compared ?? []) : earlierArm(compared ?? [], [], 0)
      return join(blank, { notes: [unknown] })
    }
    const shift = wholeMinutes(start - liveAt)
    // A provider that counts in slices of its own tells of other times than it was asked for.
    const [first] = compared ?? []
    if (!first) return join([], {})
    const begin = Math.min(...(compared ?? []).map((one) => one.from))
    const end = Math.max(...(compared ?? []).map((one) => one.to))
    const past = await provider.range(begin - shift, end - shift, first.to - first.from, 0, signal)
    // Unheard, so that this time is asked about again once the provider is back.
    if (past.down !== null) return { ...answer, observations: [], down: answer.down ?? past.down }
    // The new version is not expected there, so what is said of its absence is no news.
    return join(earlierArm(compared ?? [], past.observations, shift, unless), {})
  }
  return {
    anchor: (movedAt) => {
      anchor = movedAt
      inner.anchor?.(movedAt)
    },
    observe: async (from, to, weight, signal) =>
      read(await inner.observe(from, to, weight, signal), to, signal),
    range: async (from, to, seconds, weight, signal) =>
      read(await inner.range(from, to, seconds, weight, signal), to, signal),
  }
}
