import type { Played } from '../play/played.ts'

/** A visited weight, with what the service itself counted during the visit. */
export type PlayedStep = { weight: number; verdict: string; seconds: number; observed: number | null }

type Report = { at: number; step: number; weight: number; word: string }

/** `<seq> <step> <weight> <word> <digest8> [<unix seconds>]`, as canary-step and rollback write it. */
export const readReports = (played: Played): Report[] =>
  played.statuses.flatMap(({ at, description }) => {
    const match = /^\d+ (\d+) ([\d.]+) ([a-z-]+) [0-9a-f]{8}/.exec(description)
    return match ? [{ at, step: Number(match[1]), weight: Number(match[2]), word: match[3] ?? '' }] : []
  })

/** Each visit from its confirmed move to its verdict (or to whatever ended it). */
export const playedSteps = (played: Played): PlayedStep[] => {
  const reports = readReports(played)
  const starts = reports.filter(({ word, weight }) => word === 'confirmed' && weight > 0)
  return starts.map((start) => {
    const later = reports.filter((report) => report.at >= start.at && report !== start)
    const end = later.find(({ word }) => ['healthy', 'unhealthy', 'inconclusive', 'done', 'returning', 'returned'].includes(word))
    const until = end?.at ?? played.lastCanaryAt ?? played.endedAt
    return {
      weight: start.weight,
      verdict: end && ['healthy', 'unhealthy', 'inconclusive'].includes(end.word) ? end.word : end?.word === 'done' ? 'healthy' : 'interrupted',
      seconds: round((until - start.at) / 1000),
      observed: observed(played, start.at, until),
    }
  })
}

/** The share of requests that the new version served, of the whole seconds inside the window. */
const observed = (played: Played, from: number, until: number): number | null => {
  const inside = played.seconds.filter(({ at }) => at >= from && at + 1000 <= until)
  const canary = inside.reduce((sum, second) => sum + second.canary.requests, 0)
  const all = inside.reduce((sum, second) => sum + second.canary.requests + second.stable.requests, 0)
  return all === 0 ? null : Math.round((canary / all) * 10_000) / 10_000
}

export const round = (seconds: number): number => Math.round(seconds * 100) / 100
