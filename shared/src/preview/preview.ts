import type { Entry } from '../freeze/may-enter.ts'
import type { Plan } from '../plan/plan.ts'

/** A component that would be released, in a repository of several. */
export type ForeseenComponent = { component: string; version: string; bump: string; changes: number }

/** What a release would be: one plan, or the components that need one, or one sentence why there would be none. */
export type Foreseen = { plan: Plan | null; components: ForeseenComponent[]; instead: string }

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
