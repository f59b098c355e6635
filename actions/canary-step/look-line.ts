import type { Rung } from '@relman/core/rollout/ladder'
import type { Finding, Move } from '@relman/core/rollout/next-move'
import type { TimeLeft } from '@relman/core/rollout/time-left'
import { sentence } from '@relman/core/runtime/exposure/move-traffic'
import type { Verdict } from '@relman/core/verdict/verdict'

type Facts = {
  rung: Rung
  weight: number
  finding: Finding
  move: Move
  verdict: Verdict | null
  down: string | null
  /** Of the whole rollout; null where it does not go on by itself. */
  rest: TimeLeft | null
}

/** One line a look: where it is, what the judge says so far, how long this part of the step and the rest of the rollout still last. */
export const lookLine = ({ rung, weight, finding, move, verdict, down, rest }: Facts): string => {
  const words = down ? `metrics are down: ${down}` : (verdict?.words ?? 'nothing seen yet')
  const left = move.do === 'wait' ? `${label[move.why]}, ${duration(move.left)} left` : move.do
  const all = rest ? `; the rollout takes ${duration(rest.least)} to ${duration(rest.most)} more` : ''
  return sentence(
    `step ${rung.step + 1} at ${weight} %: ${finding.verdict} (${finding.reason}); ${words}; ${left}${all}`,
  )
}

const label = {
  draining: 'draining',
  'minimum-bake': 'least bake',
  'not-proven-yet': 'patience',
  asked: 'people are asked',
  'last-watch': 'last watch',
  'not-seen-yet': 'not all seen yet',
}

/** 95 → "1 min 35 s". */
export const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.ceil(seconds))
  const minutes = Math.floor(whole / 60)
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`
}
