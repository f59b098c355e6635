import type { Plan } from '../plan/plan.ts'
import type { Refusal } from './overtaken.ts'

/** An emergency begins at the next quarter of an hour; whoever is ready before that does not wait for it. */
const quarter = 900_000

/**
 * Whether now lies outside the window of the plan, or too little of it is left for the rollout with every bake at its longest
 * (row G16). Asked only where `schedule.window` says enforce, and the plan has a window. `now` in milliseconds since 1970.
 */
export const outsideWindow = ({ schedule, type, version, policy }: Plan, now: number): Refusal | null => {
  const window = schedule?.window
  if (policy.schedule.window !== 'enforce' || !window) return null
  const refuse = (message: string): Refusal => ({ reasonCode: 'outside-window', message })
  const [start, end] = [Date.parse(window.start), Date.parse(window.end)]
  const when = `${shortly(window.start)} to ${shortly(window.end)} UTC`
  const early = type === 'hotfix' || type === 'security' ? quarter : 0
  if (now < start - early)
    return refuse(`the window of ${version} is ${when}: run this job again when it has begun`)
  const { steps, drain } = policy.rollout
  const seconds = steps.reduce((sum, { min, max }) => sum + Math.max(min, max) + drain, drain)
  if (now + seconds * 1000 > end)
    return refuse(
      `the window of ${version} (${when}) has ${Math.max(0, Math.floor((end - now) / 60_000))} min left, and the rollout takes up to ${Math.ceil(seconds / 60)} min: plan again for the next one`,
    )
  return null
}

const shortly = (instant: string): string => instant.slice(0, 16).replace('T', ' ')
