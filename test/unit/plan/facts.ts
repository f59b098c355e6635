import { config } from '@relman/core/config/config'
import type { PlanFacts } from '@relman/core/plan/draw-plan'
import type { Change } from '@relman/core/scope/change'

let number = 0

/** A harmless change of a test; each has its own sha. */
export const change = (more: Partial<Change> = {}): Change => {
  number += 1
  const sha = number.toString(16).padStart(40, '0')
  const title = more.title ?? `change ${number}`
  return {
    sha,
    subject: `fix: ${title}`,
    kind: 'fix',
    area: null,
    title,
    breaking: false,
    breakingNote: null,
    author: 'grace',
    people: ['grace'],
    date: '2026-01-01T00:00:00Z',
    pull: null,
    issues: [],
    labels: [],
    details: {},
    files: 1,
    lines: null,
    owners: [],
    components: [],
    level: 'medium',
    levelWhy: 'code that users do not see directly (src/a.ts)',
    reverted: false,
    readable: true,
    ...more,
  }
}

/** What a plan of `shop 1.3.0` is drawn from; `policy` is configuration as people write it. */
export const facts = (more: Partial<PlanFacts> = {}, policy: Record<string, unknown> = {}): PlanFacts => ({
  service: 'shop',
  repository: 'acme/shop',
  version: '1.3.0',
  tag: 'v1.3.0',
  sha: 'c'.repeat(40),
  previous: { version: '1.2.3', tag: 'v1.2.3', sha: 'b'.repeat(40) },
  bump: 'minor',
  type: 'minor',
  revision: 1,
  plannedAt: '2026-01-02T00:00:00.000Z',
  author: 'ada',
  why: [],
  changes: [change()],
  gaps: [],
  policy: config.parse(policy),
  policySource: null,
  migrations: [],
  maintenance: false,
  ...more,
})
