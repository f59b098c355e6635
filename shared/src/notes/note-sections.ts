import type { Change } from '../scope/change.ts'

/** The sections of row N1, in its order; `Other Changes` holds the rest, so that nothing is dropped. */
export const sectionTitles = [
  'Breaking Changes',
  'New Features',
  'Improvements',
  'Performance Improvements',
  'Bug Fixes',
  'Security Updates',
  'Deprecations',
  'Other Changes',
] as const
export type SectionTitle = (typeof sectionTitles)[number]

const byKind: ReadonlyMap<string, SectionTitle> = new Map([
  ['feat', 'New Features'],
  ['improve', 'Improvements'],
  ['perf', 'Performance Improvements'],
  ['fix', 'Bug Fixes'],
  ['revert', 'Bug Fixes'],
  ['security', 'Security Updates'],
  ['deprecate', 'Deprecations'],
])

/** Where a change is told: what breaks first, then security, then what a label keeps from users, then by its type. */
export const sectionOf = (change: Change): SectionTitle => {
  if (change.breaking) return 'Breaking Changes'
  if (change.labels.some((label) => /^(type:\s*)?security$/i.test(label))) return 'Security Updates'
  if (change.labels.some((label) => inside.test(label))) return 'Other Changes'
  return byKind.get(change.kind) ?? 'Other Changes'
}

/** Labels of what users need not read; it is still counted, folded among the other changes. */
const inside = /^(?:internal|skip[- ]changelog|skip[- ]notes|no[- ]changelog|ignore-for-release)$/i

/** The changes that ship, each once: the same pull request, or the same words picked to two lines, counts once. */
export const shippedChanges = (changes: readonly Change[]): Change[] => {
  const seen = new Set<string>()
  return changes.filter((change) => {
    const key = change.pull === null ? `${change.kind} ${change.area} ${change.title}` : `#${change.pull}`
    if (change.reverted || seen.has(key)) return false
    seen.add(key)
    return true
  })
}
