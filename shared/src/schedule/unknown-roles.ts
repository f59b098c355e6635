import type { Config } from '../config/config.ts'
import { nearest } from '../config/nearest.ts'
import { cut } from '../text/visible.ts'
import { taskRules } from './task.ts'

/**
 * What `schedule.owners` says of roles that no task and no sign-off has: nobody would ever be asked for them. Said and not
 * refused, since nothing breaks by it.
 */
export const unknownRoles = ({ schedule, signoff }: Pick<Config, 'schedule' | 'signoff'>): string[] => {
  const { roles, low, medium, high } = signoff
  const ofTasks = Object.values(taskRules).flatMap((rules) => rules.map(({ role }) => role))
  const known = [...new Set([...ofTasks, ...Object.keys(roles), ...low, ...medium, ...high])].sort()
  return Object.keys(schedule.owners)
    .filter((role) => !known.includes(role))
    .map((role) => {
      const guess = nearest(role, known)
      const end = guess ? `did you mean "${guess}"?` : `those are ${known.join(', ')}`
      return `schedule.owners: ${JSON.stringify(cut(role, 100))} is the role of no task and no sign-off; ${end}`
    })
}
