import type { Subject } from './copy-history.ts'
import { git } from './run-git.ts'

const names = ['ana', 'kim', 'noor', 'lea', 'tomo', 'ravi']

/**
 * Names for so many people who approve: none of them may have made a change of this very history, where somebody may
 * well be called Ana.
 */
export const strangersTo = ({ gitDir, to }: Subject, count: number): string[] => {
  const people = git(gitDir, ['log', '--format=%an%n%ae%n%cn%n%ce', to]).toLowerCase()
  const words = new Set(people.split(/[^a-z0-9]+/))
  return Array.from({ length: count }, (_, index) => {
    const name = names[index] ?? `approver-${index + 1}`
    return words.has(name) ? `${name}-of-the-rehearsal` : name
  })
}
