import { type RiskLevel, riskLevels } from '../config/risk-levels.ts'

/**
 * Files of all changes together whose lines are compared. Comparing one costs git about 0.3 ms of CPU, so this is some
 * three seconds. Counted in files and not in time, so that the same release gives the same plan on every machine.
 */
export const sizeBudget = 10_000
/** Files of one change: what touches more is a move or a rewrite by a machine, and would leave nothing for the others. */
export const mostFiles = 2_000

type Sized = { change: { sha: string; level: RiskLevel }; paths: readonly string[] | null }

/**
 * The changes whose lines are worth their cost: riskier ones first, the newest first among equals, each as long as the
 * budget of files lasts. A change whose files are not known counts as one file.
 */
export const withinBudget = (items: readonly Sized[], budget = sizeBudget, most = mostFiles): string[] => {
  const risk = ({ change }: Sized) => riskLevels.indexOf(change.level)
  const files = ({ paths }: Sized) => paths?.length ?? 1
  let left = budget
  return [...items]
    .sort((a, b) => risk(b) - risk(a))
    .filter((item) => {
      if (files(item) > Math.min(left, most)) return false
      left -= files(item)
      return true
    })
    .map(({ change }) => change.sha)
}
