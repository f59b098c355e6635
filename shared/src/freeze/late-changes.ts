import type { FreezePolicy } from '../config/freeze-policy.ts'
import type { Change } from '../scope/change.ts'
import { itemName } from '../scope/item-name.ts'
import { cut } from '../text/visible.ts'
import { type Asked, freezeException } from './freeze-exception.ts'
import type { LateChange } from './planned-freeze.ts'

/** More than anybody reads; the count of what is held is of all. */
const mostListed = 100

type Late = Pick<Change, 'sha' | 'pull' | 'title' | 'kind' | 'breaking' | 'readable' | 'labels' | 'date'>

/** Whether a change that entered after the freeze needs an exception that its label asks for. */
export const asksException = (policy: FreezePolicy, change: Late, code: string | null): boolean =>
  !isFix(policy, change, code) &&
  change.pull !== null &&
  change.labels.some((label) => label.toLowerCase() === policy.label.toLowerCase())

/**
 * What let each change in that entered after the features were frozen: it is a fix (before code freeze), or its pull request has
 * an approved exception. `pulls` are those that ask for one. Each change is named by its own title, so a feature that calls
 * itself a fix is one for this, as it was for its branch.
 */
export const lateChanges = (
  policy: FreezePolicy,
  changes: readonly Late[],
  code: string | null,
  pulls: ReadonlyMap<number, Asked>,
): { late: LateChange[]; held: number } => {
  const judged = changes.map((change): LateChange => {
    const known = { sha: change.sha, item: cut(itemName(change), 160) }
    if (isFix(policy, change, code)) return { ...known, entry: 'fix', why: `it is a ${change.kind}` }
    const pull = change.pull === null ? undefined : pulls.get(change.pull)
    const exception = pull ? freezeException(policy, pull) : null
    if (exception?.granted)
      return { ...known, entry: 'exception', why: `${exception.by ?? ''} approved an exception` }
    const what = isAfter(change, code)
      ? 'it entered after code freeze'
      : change.breaking
        ? 'it breaks something'
        : `it is no ${policy.kinds.join(', ')}`
    const missing = exception?.missing ?? [`the label ${policy.label} and an approval`]
    return {
      ...known,
      entry: 'held',
      why: cut(`${what}, and for an exception it lacks ${missing.join(' and ')}`, 300),
    }
  })
  const held = judged.filter(({ entry }) => entry === 'held')
  const others = judged.filter(({ entry }) => entry !== 'held')
  return { late: [...held, ...others].slice(0, mostListed), held: held.length }
}

const isAfter = ({ date }: Late, code: string | null): boolean =>
  code !== null && Date.parse(date) >= Date.parse(code)

const isFix = (policy: FreezePolicy, change: Late, code: string | null): boolean =>
  change.readable && !change.breaking && policy.kinds.includes(change.kind) && !isAfter(change, code)
