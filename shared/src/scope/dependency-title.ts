const forms = [
  // Dependabot: one dependency, or a group of them.
  /^(?:\[[\w-]+\] )?Bump \S+ from \S+ to \S+/i,
  /^(?:\[[\w-]+\] )?Bump the \S+ group\b.* with (?:\d+|several) updates?\b/i,
  // Renovate without semantic commits.
  /^Update dependency \S+ to \S+/i,
  /^Update \S+ (?:action|digest|docker tag|orb) to \S+/i,
  /^Update (?:all )?(?:non-major )?dependencies$/i,
  /^(?:Pin dependenc(?:y|ies)|Lock file maintenance)\b/i,
]

/** Whether a title is one that Dependabot or Renovate gives to an update of a dependency. */
export const isDependencyTitle = (title: string): boolean => forms.some((form) => form.test(title))
