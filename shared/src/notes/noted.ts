import type { Change } from '../scope/change.ts'

/** What the texts of a release tell: the part of a plan that they read. */
export type Noted = {
  service: string
  version: string
  environment: string
  sha: string
  revision: number
  previous: { version: string } | null
  changes: readonly Change[]
  unlisted: { changes: number }
  migrations: readonly string[]
  /** What the milestone has and this release has not, among others. */
  features?:
    | { features: readonly { number: number; title: string; verdict: string; why: string }[] }
    | undefined
  risk: { level: string }
  rollback: { previous: string | null; seconds: number }
  policy: { rollback: { window: number } }
}
