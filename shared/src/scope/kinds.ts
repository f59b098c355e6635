/** What a conventional type asks for (row P1). A type that is not here changes nothing that a user could notice. */
export const bumpByKind: Readonly<Record<string, 'minor' | 'patch'>> = {
  feat: 'minor',
  improve: 'minor',
  deprecate: 'minor',
  fix: 'patch',
  perf: 'patch',
  security: 'patch',
  docs: 'patch',
  revert: 'patch',
  other: 'patch',
}

/** How strongly a type asks, as a number to compare by. */
export const strengthOf = (kind: string): number => ['patch', 'minor'].indexOf(bumpByKind[kind] ?? '')
