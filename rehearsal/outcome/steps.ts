import type { Played } from '../play/played.ts'

/** A visited weight, with what the service itself counted during the visit. */
export type PlayedStep = { weight: number; verdict: string; seconds: number; observed: number | null }

export type Report = { at: number; step: number; weight: number; word: string; reason: string | null }

const reported = /^\d+ (\d+) ([\d.]+) ([a-z-]+) [0-9a-f]{8}(?: ([\d.]+))?(?: ([a-z0-9-]+))?$/

/** `<seq> <step> <weight> <word> <digest8> [<unix seconds>] [<reason>]`, as canary-step and rollback report it. */
export const readReports = (played: Played): Report[] =>
  played.statuses.flatMap(({ at, description }) => {
    const match = reported.exec(description)
    if (!match) return []
    const [, step, weight, word = '', seconds, reason = null] = match
    return [
      { at: seconds ? Number(seconds) * 1000 : at, step: Number(step), weight: Number(weight), word, reason },
    ]
  })

const endings = ['healthy', 'unhealthy', 'inconclusive', 'done', 'returning', 'returned']

/** Each visit from its confirmed move to its verdict, or to whatever ended it. */
export const playedSteps = (played: Played): PlayedStep[] => {
  const reports = readReports(played)
  return reports.flatMap((start, index) => {
    if (start.word !== 'confirmed' || start.weight === 0) return []
    const end = reports.slice(index + 1).find(({ word }) => endings.includes(word))
    const until = end?.at ?? played.lastCanaryAt ?? played.endedAt
    return [
      {
        weight: start.weight,
        verdict: verdictOf(end?.word),
        seconds: round((until - start.at) / 1000),
        observed: observed(played, start.at, until),
      },
    ]
  })
}

const verdictOf = (word: string | undefined): string => {
  if (word === 'done') return 'healthy'
  return word === 'healthy' || word === 'unhealthy' || word === 'inconclusive' ? word : 'interrupted'
}

/** The share of requests that the new version served, of the whole seconds inside the window. */
const observed = (played: Played, from: number, until: number): number | null => {
  const inside = played.seconds.filter(({ at }) => at >= from && at + 1000 <= until)
  const canary = inside.reduce((sum, second) => sum + second.canary.requests, 0)
  const all = inside.reduce((sum, second) => sum + second.canary.requests + second.stable.requests, 0)
  return all === 0 ? null : Math.round((canary / all) * 10_000) / 10_000
}

export const round = (seconds: number): number => Math.round(seconds * 100) / 100
