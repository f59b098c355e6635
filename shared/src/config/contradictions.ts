import type { Config } from './config.ts'
import { nearest } from './nearest.ts'

type Fault = { path: PropertyKey[]; message: string }

/**
 * What a configuration says that no release could follow, found where a person wrote it. It is no part of `config`: a plan
 * that was drawn under such a policy stays readable.
 */
export const contradictions = (whole: Config): Fault[] => [
  ...wrongOrder(whole),
  ...strangers(whole),
  ...frozenBackwards(whole),
  ...outside(whole),
]

/** Rows P24, P25: promotion ends where a rollout begins, and never comes back to an environment. */
const wrongOrder = ({ promotion: { environments }, rollout, components }: Config): Fault[] => {
  const twice = environments.flatMap((name, index): Fault[] => {
    const first = environments.indexOf(name)
    return first === index
      ? []
      : [
          {
            path: ['promotion', 'environments', index],
            message: `stands in environments[${first}] already: write each environment once`,
          },
        ]
  })
  const own = Object.values(components).map((each) => each.rollout?.environment ?? rollout.environment)
  const ends = [...new Set(own.length > 0 ? own : [rollout.environment])]
  const last = environments.at(-1)
  if (last === undefined || ends.includes(last) || twice.length > 0) return twice
  const index = environments.length - 1
  return [
    {
      path: ['promotion', 'environments', index],
      message: `write the environment of the rollout last (rollout.environment: ${ends.slice(0, 5).join(' or ')})`,
    },
  ]
}

const strangers = ({ promotion: { environments, confirm } }: Config): Fault[] => {
  const known = environments.slice(0, -1)
  return Object.keys(confirm)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const guess = nearest(name, known)
      const which = known.length > 0 ? known.join(', ') : 'there are none'
      return {
        path: ['promotion', 'confirm', name],
        message: `is not one of promotion.environments before the last (${which})${guess ? `; did you mean "${guess}"?` : ''}`,
      }
    })
}

/** A feature freeze after code freeze would never hold anything. */
const frozenBackwards = ({ freeze }: Config): Fault[] =>
  Object.entries(freeze.dates).flatMap(([version, { feature, code }]) =>
    feature !== undefined && code !== undefined && isBefore(code, feature)
      ? [
          {
            path: ['freeze', 'dates', version, 'code'],
            message: `comes before the feature freeze (${feature}): write a later time, or swap them`,
          },
        ]
      : [],
  )

/** Whether `a` is before `b` for certain: days where one of them is a day, and nothing where only one names its offset. */
const isBefore = (a: string, b: string): boolean => {
  const offset = /(?:Z|[+-]\d\d:\d\d)$/
  const [timed, other] = [a, b].map((text) => text.includes('T'))
  if (!timed || !other) return a.slice(0, 10) < b.slice(0, 10) && !offset.test(a.slice(10) + b.slice(10))
  const both = offset.test(a) && offset.test(b)
  if (both) return Date.parse(a) < Date.parse(b)
  return !offset.test(a) && !offset.test(b) && a < b
}

/** A calendar is a file of the repository or an address. */
const outside = ({ schedule }: Config): Fault[] =>
  schedule.calendars.flatMap(({ source }, index) =>
    !/^[a-z][a-z0-9+.-]*:\/\//i.test(source) &&
    (source.startsWith('/') || /(^|[\\/])\.\.([\\/]|$)|[\u0000-\u001f]/.test(source))
      ? [
          {
            path: ['schedule', 'calendars', index, 'source'],
            message: 'write a path inside the repository such as calendars/holidays.ics, or an https address',
          },
        ]
      : [],
  )
