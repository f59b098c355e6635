import type { Entry } from '../freeze/may-enter.ts'
import type { Plan } from '../plan/plan.ts'

/** What a release would be, or one sentence why there would be none. */
export type Foreseen = { plan: Plan | null; instead: string }

/** What a pull request would do to the next release, as its comment and the job summary say it. */
export type Preview = {
  pull: { number: number; head: string; base: string }
  /** The commit that was planned: the pull request merged into its base. */
  merged: string
  /** null: the base could not be planned by itself, so that nothing is compared. */
  before: Foreseen | null
  after: Foreseen
  entry: Entry
  /** Whether a change that may not enter turns the job red (`mode: enforce`). */
  enforced: boolean
  /** What the pull request does to the release policy; null when it leaves it alone. */
  policy: string | null
  runUrl: string
}
