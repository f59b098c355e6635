import type { Change } from '../scope/change.ts'

/** What a release is about in a few words: the areas that most of its features and fixes name, else what it holds most of. */
export const theme = (changes: readonly Change[]): string => {
  const areas = new Map<string, number>()
  for (const change of changes) {
    if (change.area && ['feat', 'improve', 'perf', 'fix', 'security'].includes(change.kind))
      areas.set(change.area, (areas.get(change.area) ?? 0) + 1)
  }
  const named = [...areas].sort((a, b) => b[1] - a[1]).slice(0, 3)
  if (named.length > 0) return named.map(([area]) => area).join(', ')
  const counts = [
    [changes.filter((change) => change.kind === 'feat').length, 'new feature'],
    [changes.filter((change) => change.kind === 'fix').length, 'bug fix'],
  ] as const
  return counts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}${count === 1 ? '' : word.endsWith('x') ? 'es' : 's'}`)
    .join(', ')
}
