import { diffFeatures, type FeatureName, featureNames } from '@relman/core/risk/score-features'
import { markdownTable } from 'markdown-table'
import { fitCalibrated } from './calibrate-change-score.ts'
import {
  auc,
  badReleases,
  bounds,
  brier,
  type Fold,
  leaveOneOut,
  type Mark,
  marksOf,
  mean,
  releases,
} from './measure-change-score.ts'
import { readSamples } from './read-samples.ts'

const three = (value: number): string => value.toFixed(3)
const four = (value: number): string => value.toFixed(4)
const table = (head: string[], rows: string[][]): string =>
  markdownTable([head, ...rows], { align: head.map((_, index) => (index === 0 ? 'l' : 'r')) })

const linesAdded = ({ held }: Fold): Mark[] =>
  held.map(({ values, repaired }) => ({ score: values[featureNames.indexOf('la')] ?? 0, repaired }))

const subsets: [string, readonly FeatureName[]][] = [
  ['all 14 measures', featureNames],
  ['without the author (no exp, rexp, sexp)', featureNames.filter((name) => !name.endsWith('exp'))],
  ['difference and message only', diffFeatures],
  ['la, ld, nf', ['la', 'ld', 'nf']],
  ['la', ['la']],
]

const definitions: [string, number, boolean][] = [
  ['repairs at or above the upper quartile', 0.75, false],
  ['repairs above the upper quartile', 0.75, true],
  ['repairs above the median', 0.5, true],
]

const rateOf = (samples: Fold['all']): number => mean(samples.map(({ repaired }) => (repaired ? 1 : 0)))

/** What predicting the same for each change would cost. */
const constant = (held: Fold['held'], score: number): number =>
  brier(held.map(({ repaired }) => ({ score, repaired })))

/** Trained on all projects but one, tested on the test part of that one: per project and on average. */
export const benchRisk = (file: string): string => {
  const folds = leaveOneOut(readSamples(file), fitCalibrated)
  const marks = folds.map(({ model, held }) => marksOf(model, held))
  const limits = bounds(marks, auc)
  const within = (index: number): string => limits[index]?.map(three).join(' to ') ?? ''
  const lines = folds.map((fold) => auc(linesAdded(fold)))
  const found = marks.map(auc)
  const ranking = folds.map(({ project, held }, index) => [
    project,
    String(held.length),
    three(rateOf(held)),
    three(found[index] ?? 0),
    within(index),
    three(lines[index] ?? 0),
    three((found[index] ?? 0) - (lines[index] ?? 0)),
  ])
  const gain = mean(found) - mean(lines)
  ranking.push(['mean', '', '', four(mean(found)), within(folds.length), four(mean(lines)), three(gain)])

  const known = subsets.map(([name, names]) => [
    name,
    four(mean(folds.map(({ model, held }) => auc(marksOf(model, held, names))))),
    four(mean(folds.map(({ model, held }) => brier(marksOf(model, held, names))))),
  ])

  const sums = definitions.flatMap(([name, quantile, above]) => {
    const of = (part: (fold: Fold) => Mark[]): number =>
      mean(folds.map((fold) => auc(badReleases(releases(part(fold)), quantile, above))))
    const between = bounds(
      marks.map((all) => releases(all)),
      (all) => auc(badReleases(all, quantile, above)),
    ).at(-1)
    return [
      [
        name,
        three(of(({ model, held }) => marksOf(model, held))),
        between?.map(three).join(' to ') ?? '',
        three(of(linesAdded)),
        three(of(({ model, all }) => marksOf(model, all))),
      ],
    ]
  })

  const errors = folds.map(
    ({ project, model, held, seen }, index) =>
      [
        project,
        brier(marks[index] ?? []),
        constant(held, model.rate),
        brier(marksOf(model, held, featureNames, rateOf(seen))),
        constant(held, rateOf(seen)),
        constant(held, rateOf(held)),
      ] as const,
  )
  const average = [1, 2, 3, 4, 5].map((at) => four(mean(errors.map((row) => Number(row[at])))))
  return [
    `Trained on the other projects, tested on the test part (AUC; 95 % bounds by 200 resamples, seed 20)\n`,
    table(['project', 'changes', 'repaired', 'score', 'bounds', 'lines added', 'gain'], ranking),
    '\nWith fewer measures known\n',
    table(['known', 'AUC', 'Brier'], known),
    '\nReleases of 20 changes in a row, sum of the scores (AUC)\n',
    table(['bad is', 'score', 'bounds', 'lines added', 'whole project held'], sums),
    '\nProbabilities (Brier, lower is better)\n',
    table(
      ['project', 'cold', 'rate of the others', 'repairRate given', 'that rate alone', 'its own test rate'],
      [...errors.map(([project, ...rest]) => [project, ...rest.map(four)]), ['mean', ...average]],
    ),
  ].join('\n')
}
