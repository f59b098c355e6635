import type { Subject } from './copy-history.ts'
import { git } from './run-git.ts'

/**
 * Names for people who approve: none of them may have made a change of this very history, where somebody may well be
 * called Ana.
 */
export const strangersTo = <const Names extends readonly string[]>(
  { gitDir, to }: Subject,
  wanted: Names,
): { [Index in keyof Names]: string } => {
  const people = git(gitDir, ['log', '--format=%an%n%ae%n%cn%n%ce', to]).toLowerCase()
  const words = new Set(people.split(/[^a-z0-9]+/))
  return wanted.map((name) => (words.has(name) ? `${name}-of-the-rehearsal` : name)) as {
    [Index in keyof Names]: string
  }
}
