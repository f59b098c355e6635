import type { ReleaseType } from './release-types.ts'

/** Work before (or after) the release. Hours are elapsed ones. `role` is who does it until a person is named. */
export type TaskRule = {
  id: string
  name: string
  role: string
  hours: number
  /** The milestone by which it must be done. */
  due: string
  after: readonly string[]
  /** May be left out when time is short; what cannot be skipped is never. */
  optional: boolean
}

const task = (
  id: string,
  name: string,
  role: string,
  hours: number,
  due: string,
  after: readonly string[] = [],
  optional = false,
): TaskRule => ({ id, name, role, hours, due, after, optional })

const agreed = (hours: number, due: string): TaskRule[] => [
  task('scope', 'Agree scope, plan and owners', 'release-owner', hours, due),
]

// Hours scale by how much is tested and told: all components for a major, the affected ones for a minor.
const full = (test: number, write: number): TaskRule[] => [
  task('branch', 'Cut the release branch', 'release-owner', 1, 'feature-freeze', ['scope']),
  task('regression', 'Test the release branch', 'quality', test, 'code-freeze', ['branch']),
  task('fixes', 'Fix what the tests found', 'engineering', test, 'code-freeze', ['regression']),
  task(
    'docs',
    'Write documentation and upgrade guide',
    'documentation',
    write,
    'code-freeze',
    ['branch'],
    true,
  ),
  task('support', 'Brief support', 'support', write / 2, 'release', ['docs'], true),
  task('announcement', 'Draft the announcement', 'communication', write / 2, 'release', ['docs'], true),
  task('dashboards', 'Prepare dashboards and alerts', 'operations', 4, 'release', ['branch']),
  task('staging', 'Deploy to staging and verify', 'operations', 8, 'release', ['fixes']),
  task('drill', 'Drill the rollback', 'operations', 2, 'release', ['staging']),
  task('signoff', 'Collect the sign-offs', 'release-owner', 8, 'release', ['drill', 'dashboards']),
  task('rollout', 'Roll out in the window', 'operations', 0, 'release', ['signoff']),
  task('review', 'Review the release', 'release-owner', 2, 'review', ['rollout']),
]

const short = (test: number, sign: number): TaskRule[] => [
  task('fix', 'Make and review the fix', 'engineering', test, 'code-freeze', ['scope']),
  task('staging', 'Smoke test on staging', 'operations', test / 2, 'release', ['fix']),
  task('rollback', 'Make sure of the rollback plan', 'operations', test / 4, 'release', ['scope']),
  task('signoff', 'Collect the sign-offs', 'release-owner', sign, 'release', ['staging', 'rollback']),
  task('rollout', 'Canary and roll out in the window', 'operations', 0, 'release', ['signoff']),
]

/** The tasks of each type; a configuration or a plan may add its own. */
export const taskRules: Readonly<Record<ReleaseType, readonly TaskRule[]>> = {
  major: [...agreed(40, 'feature-freeze'), ...full(60, 40)],
  minor: [...agreed(16, 'feature-freeze'), ...full(24, 16)],
  patch: [
    ...agreed(4, 'code-freeze'),
    task('fix', 'Finish and review the fixes', 'engineering', 16, 'code-freeze', ['scope']),
    task('notes', 'Write the technical notes', 'documentation', 2, 'release', ['fix'], true),
    task('staging', 'Deploy to staging and verify', 'operations', 4, 'release', ['fix']),
    task('drill', 'Drill the rollback', 'operations', 1, 'release', ['staging']),
    task('signoff', 'Collect the sign-offs', 'release-owner', 4, 'release', ['drill']),
    task('rollout', 'Roll out in the window', 'operations', 0, 'release', ['signoff']),
    task('review', 'Review the release', 'release-owner', 1, 'review', ['rollout']),
  ],
  hotfix: [
    ...agreed(0.25, 'code-freeze'),
    ...short(1, 0.5),
    task('main', 'Bring the fix to the main line', 'engineering', 2, 'review', ['fix']),
    task('review', 'Review the incident', 'release-owner', 2, 'review', ['rollout']),
  ],
  security: [
    ...agreed(0.5, 'code-freeze'),
    ...short(2, 0.5),
    task('disclose', 'Publish advisory and notes', 'security', 0.5, 'disclosure', ['rollout']),
    task('main', 'Bring the fix to the main line', 'engineering', 2, 'review', ['fix', 'disclose']),
    task('review', 'Review the incident', 'release-owner', 2, 'review', ['rollout']),
  ],
}
