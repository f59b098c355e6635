import type { FreezePolicy } from '../config/freeze-policy.ts'
import { bumpByKind } from '../scope/kinds.ts'
import { readMessage } from '../scope/read-message.ts'
import { type Asked, freezeException } from './freeze-exception.ts'
import type { Stage } from './freeze-stage.ts'

export type Entry = {
  /** `open`: no freeze; `fix`: it is one; `exception`: an approved one; `held`: it may not enter. */
  entry: 'open' | 'fix' | 'exception' | 'held'
  /** null: there is no freeze to give a reason for. */
  reasonCode: 'fix' | 'freeze-exception' | 'feature-freeze' | 'code-freeze' | null
  why: string
  /** What would let it in, each in one sentence. */
  remedies: string[]
}

/**
 * Whether a change may enter the branch (P4). `title` is the pull request's, `messages` are those of its commits: a title
 * that says fix does not hide a commit that says feature, or one that breaks. Nothing that anybody calls small is let in
 * for that. `unread` says in one sentence why commits could not be read: what nobody has read is no fix.
 */
export const mayEnter = (
  policy: FreezePolicy,
  { stage, why }: Stage,
  asked: Asked & { title: string; messages: readonly string[]; unread?: string | null },
): Entry => {
  if (stage === 'none') return { entry: 'open', reasonCode: null, why, remedies: [] }
  const faults = notAFix(policy, asked.title, asked.messages)
  if (asked.unread) faults.push(asked.unread)
  if (stage === 'feature' && faults.length === 0)
    return { entry: 'fix', reasonCode: 'fix', why: `${why}; this is a fix`, remedies: [] }
  const exception = freezeException(policy, asked)
  if (exception.granted)
    return {
      entry: 'exception',
      reasonCode: 'freeze-exception',
      why: `${why}; ${exception.by} approved an exception`,
      remedies: [],
    }
  const ask = `for an exception it lacks ${exception.missing.join(' and ')}`
  if (stage === 'code')
    return {
      entry: 'held',
      reasonCode: 'code-freeze',
      why: `${why}: only approved exceptions enter`,
      remedies: [ask, 'else it rides the next release: change its base branch'],
    }
  return {
    entry: 'held',
    reasonCode: 'feature-freeze',
    why: `${why}: only ${policy.kinds.join(', ')} enter; ${faults.join('; ')}`,
    remedies: [
      'if it is a fix, say so in its title and its commits (fix: …)',
      ask,
      'else it rides the next release: change its base branch',
    ],
  }
}

const notAFix = (policy: FreezePolicy, title: string, messages: readonly string[]): string[] => {
  const own = readMessage(title)
  const faults: string[] = []
  if (!own.readable) faults.push('its title names no type of change')
  else if (!policy.kinds.includes(own.kind)) faults.push(`its title says ${own.kind}`)
  const read = [own, ...messages.map(readMessage)]
  if (read.some(({ breaking }) => breaking)) faults.push('it says that it breaks something')
  const others = new Set(
    read
      .slice(1)
      .filter(
        ({ kind, readable }) => readable && bumpByKind[kind] === 'minor' && !policy.kinds.includes(kind),
      )
      .map(({ kind }) => kind),
  )
  for (const kind of others) faults.push(`a commit of it says ${kind}`)
  return faults
}
