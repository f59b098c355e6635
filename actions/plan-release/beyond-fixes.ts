import type { Change } from '@relman/core/scope/change'
import { bumpByKind } from '@relman/core/scope/kinds'

/** The changes that a hotfix may not bring: features, and what breaks something. */
export const beyondFixes = (changes: readonly Change[]): Change[] =>
  changes.filter(
    ({ reverted, breaking, readable, kind }) =>
      !reverted && (breaking || (readable && bumpByKind[kind] === 'minor')),
  )
