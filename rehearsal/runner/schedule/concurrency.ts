import { evaluate, type Scope } from '../expression/evaluate.ts'
import type { Tree } from '../workflow/tree.ts'

export type ConcurrencySetting = { group: string; cancelInProgress: boolean; queue: 'single' | 'max' }

/** A claim on a group: granted once, given back, or taken away by a newer one. */
export type Claim = { granted: Promise<boolean>; release(): void }

type Waiter = { cancel(): void; grant(): void; drop(): void }
type Group = { holder: Waiter; pending: Waiter[] }

/** Entries that may wait with `queue: max` (GitHub changelog 2026-05-07). */
const longestQueue = 100

/** Concurrency groups of a repository: its runs and its jobs share them. */
export type Concurrency = {
  /**
   * Claims a group.
   * @param cancel asked of the holder when a claim with `cancel-in-progress` comes
   * @returns the claim; it is granted `false` when it was dropped from the queue
   */
  claim(setting: ConcurrencySetting, cancel: () => void): Claim
}

/**
 * One holder in a group; by default one more waits and a newer one takes its place, with `queue: max` up to 100 wait in
 * order (docs: control-workflow-concurrency; changelog 2026-05-07). Names are case-insensitive.
 */
export function createConcurrency(): Concurrency {
  const groups = new Map<string, Group>()
  const leave = (name: string, waiter: Waiter) => {
    const group = groups.get(name)
    if (!group) return
    if (group.holder !== waiter) {
      group.pending = group.pending.filter((other) => other !== waiter)
      return
    }
    const next = group.pending.shift()
    if (!next) return void groups.delete(name)
    group.holder = next
    next.grant()
  }
  return {
    claim: (setting, cancel) => {
      const name = setting.group.toLowerCase()
      let settle: (granted: boolean) => void = () => {}
      const granted = new Promise<boolean>((resolve) => {
        settle = resolve
      })
      const waiter: Waiter = { cancel, grant: () => settle(true), drop: () => settle(false) }
      const claim: Claim = {
        granted,
        release: () => {
          settle(false)
          leave(name, waiter)
        },
      }
      const group = groups.get(name)
      if (!group) {
        groups.set(name, { holder: waiter, pending: [] })
        waiter.grant()
        return claim
      }
      if (setting.queue === 'max') {
        if (group.pending.length >= longestQueue) waiter.drop()
        else group.pending.push(waiter)
        return claim
      }
      for (const older of group.pending.splice(0)) older.drop()
      group.pending.push(waiter)
      if (setting.cancelInProgress) group.holder.cancel()
      return claim
    },
  }
}

/** `concurrency:` of a workflow or a job; undefined without one or with an empty group. */
export function concurrencyOf(tree: Tree | undefined, scope: Scope): ConcurrencySetting | undefined {
  if (tree === undefined) return undefined
  const value = evaluate(tree, scope)
  const setting =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { group: value }
  const group = String(setting.group ?? '')
  if (group === '') return undefined
  const queue = setting.queue === 'max' ? 'max' : 'single'
  const cancelInProgress = setting['cancel-in-progress'] === true
  if (queue === 'max' && cancelInProgress)
    throw new Error(
      `concurrency group '${group}': 'queue: max' cannot be combined with 'cancel-in-progress: true'`,
    )
  return { group, queue, cancelInProgress }
}
