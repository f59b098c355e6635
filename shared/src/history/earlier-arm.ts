import type { Observation, Sample } from '../verdict/observation.ts'

const milliseconds = (seconds: number): number => Math.round(seconds * 1000)

/**
 * The observations with another time in place of the stable arm: of each, that which was measured `shift` seconds
 * before. An interval of which the other time knows nothing has no stable arm. With `unless: 'beside'` an arm that
 * served anything side by side stays. The same host may have served both times, so its name is told apart.
 */
export const earlierArm = (
  observations: readonly Observation[],
  earlier: readonly Observation[],
  shift: number,
  unless?: 'beside',
): Observation[] => {
  const known = new Map(earlier.map((one) => [`${one.metric}\n${milliseconds(one.to + shift)}`, one.stable]))
  return observations.map((one) => {
    if (unless === 'beside' && one.stable.some(({ total, value }) => total > 0 || value !== undefined))
      return one
    const stable = known.get(`${one.metric}\n${milliseconds(one.to)}`) ?? []
    return { ...one, stable: stable.map(renamed) }
  })
}

const renamed = (sample: Sample): Sample => ({ ...sample, instance: `${sample.instance}, earlier` })
