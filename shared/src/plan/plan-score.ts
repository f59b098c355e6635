import { scoreChange, scoreRelease } from '../risk/change-score.ts'
import type { ChangeFeatures, FeatureName } from '../risk/score-features.ts'
import { explainScore } from '../risk/score-words.ts'
import type { Change } from '../scope/change.ts'
import { itemName } from '../scope/item-name.ts'
import { cut } from '../text/visible.ts'
import type { PlannedScore } from './planned-score.ts'

const ranked = 10

const rounded = (value: number): number => Math.round(value * 1000) / 1000

/** Scores what is known of each change; null for a release without changes. Undone changes do not count. */
export const planScore = (
  measured: ReadonlyArray<{ change: Change; features: ChangeFeatures }>,
): PlannedScore | null => {
  const standing = measured
    .filter(({ change }) => !change.reverted)
    .map((each) => ({ ...each, probability: scoreChange(each.features) }))
  if (standing.length === 0) return null
  const known = new Set(standing.flatMap(({ features }) => Object.keys(features) as FeatureName[]))
  const first = [...standing].sort((a, b) => b.probability - a.probability).slice(0, ranked)
  return {
    changes: standing.length,
    expected: rounded(scoreRelease(standing.map(({ probability }) => probability))),
    average: rounded(explainScore({}).average),
    known: [...known].sort(),
    first: first.map(({ change, features, probability }) => ({
      sha: change.sha,
      item: itemName(change),
      probability: rounded(probability),
      words: cut(reasons(features), 400),
    })),
  }
}

const reasons = (features: ChangeFeatures): string => {
  const more = explainScore(features).reasons.filter(({ adds }) => adds > 0)
  return more.length > 0 ? more.map(({ words }) => words).join('; ') : 'nothing known stands out'
}
