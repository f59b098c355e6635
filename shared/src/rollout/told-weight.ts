import { observedShare } from './figures.ts'

type Counted = { canary: { requests: number }; stable: { requests: number } }

/** Fewer requests show no share. */
const enough = 50

/** The share of requests that the new version served in percent; null where too few show it. */
const servedShare = ({ canary, stable }: Counted): number | null => {
  const arm = ({ requests }: { requests: number }) => ({ total: requests, events: 0 })
  const share = observedShare({ canary: arm(canary), stable: arm(stable) })
  return share === null || canary.requests + stable.requests < enough ? null : share * 100
}

/** Half or double, or a quarter of all traffic: scrapes and rounding come to less. */
const differs = (told: number, seen: number): boolean =>
  Math.max(told, seen) > 2 * Math.min(told, seen) || Math.abs(told - seen) > 25

/**
 * Which margin a window was held to where nobody said its weight, and that a weight that somebody said is not what was
 * seen; null where there is nothing to say. `told` in percent, null where it was not said; `beside`: whether the arms were
 * measured at one time, so that their requests show a share.
 */
export const weightWords = (told: number | null, seen: Counted, beside: boolean): string | null => {
  if (told === null)
    return 'no "weight" was given, so the window is held to the criterion itself, the margin of the last step'
  const share = beside ? servedShare(seen) : null
  if (share === null || !differs(told, share)) return null
  const count = (value: number) => value.toLocaleString('en-US')
  const { canary, stable } = seen
  const shown = Number(share.toPrecision(3))
  return `the "weight" that was given is ${told} %, and the new version served ${shown} % of the requests (${count(canary.requests)} of ${count(canary.requests + stable.requests)}): the margin of a step depends on it`
}
