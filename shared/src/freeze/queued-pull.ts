/**
 * The pull request that a merge queue tests, from the branch that GitHub makes for it
 * (`refs/heads/gh-readonly-queue/main/pr-7-<sha of the base>`); null for any other ref.
 */
export const queuedPull = (ref: string): number | null => {
  const number = /^refs\/heads\/gh-readonly-queue\/.+\/pr-(\d{1,9})-[0-9a-f]{40,64}$/.exec(ref)?.[1]
  return number === undefined ? null : Number(number)
}
