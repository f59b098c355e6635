import type { Scope } from '../expression/evaluate.ts'
import type { Tree } from '../workflow/tree.ts'
import { type Claim, concurrencyOf } from './concurrency.ts'
import { aborted, type RunState } from './run-state.ts'

export type Held = { granted: true; names: string[]; release(): void } | { granted: false; reason: string }

/** Claims concurrency groups one after another and gives all back together. */
export async function holdGroups(
  run: RunState,
  wish: {
    groups: { tree: Tree | undefined; scope: Scope }[]
    /** Groups that the run and the calling jobs hold already. */
    held: string[]
    name: string
    signal: AbortSignal
    cancel(): void
    onWait?(group: string): void
  },
): Promise<Held> {
  const claims: Claim[] = []
  const names: string[] = []
  const release = () => {
    for (const claim of claims) claim.release()
  }
  for (const { tree, scope } of wish.groups) {
    const setting = concurrencyOf(tree, scope)
    if (!setting) continue
    const name = setting.group.toLowerCase()
    // A job cannot wait for a group that its own caller holds; GitHub cancels it in these words (I:rhysd/actionlint#538).
    if ([...wish.held, ...names].includes(name)) {
      release()
      return {
        granted: false,
        reason: `Canceling since a deadlock for concurrency group '${setting.group}' was detected between 'top level workflow' and '${wish.name}'`,
      }
    }
    const claim = run.platform.concurrency.claim(setting, wish.cancel)
    claims.push(claim)
    names.push(name)
    const first = await Promise.race([claim.granted, Promise.resolve('waiting' as const)])
    if (first === 'waiting') wish.onWait?.(setting.group)
    const granted =
      first === 'waiting'
        ? await Promise.race([claim.granted, aborted(wish.signal).then(() => false)])
        : first
    if (granted && !wish.signal.aborted) continue
    release()
    const dropped = !wish.signal.aborted
    return {
      granted: false,
      reason: dropped
        ? `Canceling since a higher priority waiting request for '${setting.group}' exists`
        : 'The run was canceled.',
    }
  }
  return { granted: true, names, release }
}
