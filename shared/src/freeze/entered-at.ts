/** A plan that the record knows: when it was made, and which commits of the present history it did not have. */
export type Checkpoint = { at: string; missing: ReadonlySet<string> }

/** A run may wait so long between its commit and its plan, in milliseconds; what came meanwhile is no older than it says. */
const slack = 3_600_000

/**
 * When a commit came to the branch, as ISO 8601. Whoever makes a commit writes its date, so that it counts only as far as the record does not
 * know better: one that a plan did not have came after that plan, and by the first plan that had it, or now. A date that
 * contradicts this counts for nothing, and the latest moment holds. `checkpoints` are in order of time.
 */
export const enteredAt = (
  { sha, date }: { sha: string; date: string },
  checkpoints: readonly Checkpoint[],
  now: string,
): string => {
  const after = checkpoints.findLast(({ missing }) => missing.has(sha))
  const before = checkpoints.find(({ missing }) => !missing.has(sha))
  const latest = before && (!after || Date.parse(before.at) >= Date.parse(after.at)) ? before.at : now
  const told = Date.parse(date)
  const early = after !== undefined && told < Date.parse(after.at) - slack
  return early || told > Date.parse(latest) || Number.isNaN(told) ? latest : date
}
