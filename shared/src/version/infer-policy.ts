import type { Config } from '../config/config.ts'
import type { Change } from '../scope/change.ts'
import { decideVersion } from './decide-version.ts'
import type { ReleaseTag } from './release-tag.ts'

type Policy = Config['version']

/** A release as it was made: the tag before, the tag, and the changes between them. */
export type Made = { before: ReleaseTag; tag: ReleaseTag; changes: readonly Change[] }

export type Inference = {
  /** How many of the releases the stated policy explains, and how many the best one. */
  stated: number
  best: number
  of: number
  /** What to write under `version` for the best one; '' when the stated policy is as good. */
  suggestion: string
}

const variants: [string, (policy: Policy) => Policy][] = [
  ['zero: strict', (policy) => ({ ...policy, zero: 'strict' })],
  ['zero: shift', (policy) => ({ ...policy, zero: 'shift' })],
  ['kinds: { feat: patch }', (policy) => ({ ...policy, kinds: { ...policy.kinds, feat: 'patch' } })],
  [
    'kinds: { feat: patch }, zero: strict',
    (policy) => ({ ...policy, zero: 'strict', kinds: { ...policy.kinds, feat: 'patch' } }),
  ],
]

/** One release more may be chance. */
const margin = 2

/** Which policy the releases really followed: the one that would have given the most of their versions. */
export const inferPolicy = (made: readonly Made[], policy: Policy): Inference => {
  const explained = (candidate: Policy) =>
    made.filter(({ before, tag, changes }) => {
      const last = { final: before, announced: null, prefix: tag.prefix }
      return decideVersion(changes, last, candidate).version === tag.version
    }).length
  const stated = explained(policy)
  const found = variants.map(([words, vary]) => ({ words, count: explained(vary(policy)) }))
  const best = found.reduce((top, each) => (each.count > top.count ? each : top), {
    words: '',
    count: stated,
  })
  const better = best.count >= stated + margin
  return {
    stated,
    best: better ? best.count : stated,
    of: made.length,
    suggestion: better ? best.words : '',
  }
}
