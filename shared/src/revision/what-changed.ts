import type { LateChange } from '../freeze/planned-freeze.ts'
import type { Plan } from '../plan/plan.ts'
import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { itemName } from '../scope/item-name.ts'

const most = 50

/** What a new revision of a plan changes, and which agreement it voids (row L4). Titles are untrusted. */
export type RevisionChange = {
  /** The revision and the digest that it follows. */
  from: number
  digest: string
  added: string[]
  removed: string[]
  /** Other parts of the plan that differ, each in a few words. */
  differs: string[]
  /** What let each change in that entered after feature freeze since. */
  entered: LateChange[]
  /** Sign-offs that counted for the revision before and count no more. */
  voids: { role: string; by: string }[]
  /** Whether the revision before was approved as a whole. */
  voidsApproval: boolean
}

/** Compares a plan with the revision before it. `events` are those of the record before the new one is appended. */
export const whatChanged = (
  before: Plan,
  digest: string,
  after: Plan,
  events: readonly RecordEvent[],
): RevisionChange => {
  const had = new Set(before.changes.map(({ sha }) => sha))
  const has = new Set(after.changes.map(({ sha }) => sha))
  const release = fold(events)
  const given = new Map(
    release.signoffs.filter((one) => one.digest === digest).map(({ role, by }) => [role, { role, by }]),
  )
  return {
    from: before.revision,
    digest,
    added: after.changes
      .filter(({ sha }) => !had.has(sha))
      .map(itemName)
      .slice(0, most),
    removed: before.changes
      .filter(({ sha }) => !has.has(sha))
      .map(itemName)
      .slice(0, most),
    differs: differences(before, after),
    entered: (after.freeze?.late ?? []).filter(({ sha }) => !had.has(sha)).slice(0, most),
    voids: [...given.values()],
    voidsApproval: release.state === 'approved' && release.digest === digest,
  }
}

const differences = (before: Plan, after: Plan): string[] => {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
  const parts: [string, unknown, unknown][] = [
    ['state', before.state, after.state],
    ['risk', before.risk.level, after.risk.level],
    ['type', before.type, after.type],
    ['commit', before.sha.slice(0, 12), after.sha.slice(0, 12)],
  ]
  const whole: [string, unknown, unknown][] = [
    ['who must agree', before.signoffs, after.signoffs],
    ['the go/no-go criteria', before.criteria, after.criteria],
    ['the steps of exposure', before.policy.rollout, after.policy.rollout],
    ['the way back', before.rollback.steps, after.rollback.steps],
    ['migrations', before.migrations, after.migrations],
    ['the window', before.schedule?.window ?? null, after.schedule?.window ?? null],
  ]
  return [
    ...parts.filter(([, a, b]) => !same(a, b)).map(([name, a, b]) => `${name}: ${a} → ${b}`),
    ...whole.filter(([, a, b]) => !same(a, b)).map(([name]) => name),
  ]
}
