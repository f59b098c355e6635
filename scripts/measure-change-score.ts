import { type ChangeFeatures, type FeatureName, featureNames } from '@relman/core/risk/score-features'
import { judge, logistic, logOdds, type ScoreModel } from '@relman/core/risk/score-model'
import { fitChangeScore, type Sample } from './fit-change-score.ts'

/** A judged change: its score and whether it needed repair. */
export type Mark = { score: number; repaired: boolean }

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Area under the receiver operating characteristic by ranks; ties count half. NaN when there is only one kind. */
export const auc = (marks: readonly Mark[]): number => {
  const sorted = marks.toSorted((a, b) => a.score - b.score)
  let ranks = 0
  let yes = 0
  for (let from = 0; from < sorted.length; ) {
    let to = from
    while (to < sorted.length && sorted[to]?.score === sorted[from]?.score) to += 1
    for (let index = from; index < to; index += 1) {
      if (!sorted[index]?.repaired) continue
      ranks += (from + to + 1) / 2
      yes += 1
    }
    from = to
  }
  return (ranks - (yes * (yes + 1)) / 2) / (yes * (sorted.length - yes))
}

/** Releases of `size` changes in a row: the sum of their scores, and how many of them needed repair. */
export const releases = (marks: readonly Mark[], size = 20): { score: number; repairs: number }[] =>
  Array.from({ length: Math.floor(marks.length / size) }, (_, index) => {
    const part = marks.slice(index * size, (index + 1) * size)
    return {
      score: part.reduce((sum, { score }) => sum + score, 0),
      repairs: part.filter(({ repaired }) => repaired).length,
    }
  })

/** Which releases are the bad ones: `from` a quantile of the repairs on, or only `above` it. */
export const badReleases = (
  all: readonly { score: number; repairs: number }[],
  quantile: number,
  above: boolean,
): Mark[] => {
  const sorted = all.map(({ repairs }) => repairs).sort((a, b) => a - b)
  const limit = sorted[Math.floor(quantile * sorted.length)] ?? 0
  return all.map(({ score, repairs }) => ({ score, repaired: above ? repairs > limit : repairs >= limit }))
}

/** Mean squared error of the probabilities. */
export const brier = (marks: readonly Mark[]): number =>
  mean(marks.map(({ score, repaired }) => (score - (repaired ? 1 : 0)) ** 2))

export const featuresOf = (sample: Sample, names: readonly FeatureName[] = featureNames): ChangeFeatures =>
  Object.fromEntries(names.map((name) => [name, sample.values[featureNames.indexOf(name)]]))

export const marksOf = (
  model: ScoreModel,
  samples: readonly Sample[],
  names: readonly FeatureName[] = featureNames,
  rate = model.rate,
): Mark[] =>
  samples.map((sample) => ({
    score: logistic(judge(model, featuresOf(sample, names), logOdds(rate) - logOdds(model.rate)).logOdds),
    repaired: sample.repaired,
  }))

export type Fold = { project: string; model: ScoreModel; held: Sample[]; seen: Sample[]; all: Sample[] }

/** Every project once: a model from the train parts of the others, this one's test part held, its train part unseen too. */
export const leaveOneOut = (samples: readonly Sample[], train = fitChangeScore): Fold[] =>
  [...new Set(samples.map(({ project }) => project))].map((project) => {
    const all = samples.filter((sample) => sample.project === project)
    return {
      project,
      model: train(samples.filter((sample) => sample.project !== project && !sample.held)),
      held: all.filter(({ held }) => held),
      seen: all.filter(({ held }) => !held),
      all,
    }
  })

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
    return ((word ^ (word >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** 95 % bounds of a statistic over resampled groups (percentile bootstrap); the last pair is that of the mean. */
export const bounds = <Item>(
  groups: readonly (readonly Item[])[],
  statistic: (items: Item[]) => number,
  times = 200,
  seed = 20,
): [number, number][] => {
  const random = seeded(seed)
  const draws: number[][] = [...groups, []].map(() => [])
  for (let time = 0; time < times; time += 1) {
    const found = groups.map((group) =>
      statistic(group.map(() => group[Math.floor(random() * group.length)] as Item)),
    )
    for (const [index, value] of [...found, mean(found)].entries()) draws[index]?.push(value)
  }
  return draws.map((values) => {
    values.sort((a, b) => a - b)
    return [
      values[Math.floor(0.025 * times)] ?? Number.NaN,
      values[Math.ceil(0.975 * times) - 1] ?? Number.NaN,
    ]
  })
}
