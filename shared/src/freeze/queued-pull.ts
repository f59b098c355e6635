/** A pull request in a merge queue, and the commit that its group begins after. */
export type Queued = { pull: number; base: string }

/**
 * The pull request that a merge queue tests, from the branch that GitHub makes for it
 * (`refs/heads/gh-readonly-queue/main/pr-7-<sha of the base>`; the base is the tip of the branch, or of the group ahead of it
 * in the queue); null for any other ref.
 */
export const queuedPull = (ref: string): Queued | null => {
  const [, number, base] =
    /^refs\/heads\/gh-readonly-queue\/.+\/pr-(\d{1,9})-([0-9a-f]{40,64})$/.exec(ref) ?? []
  return number === undefined || base === undefined ? null : { pull: Number(number), base }
}

/** Whether a ref is a branch of a merge queue, whatever it says of pull requests. */
export const isQueue = (ref: string): boolean => ref.startsWith('refs/heads/gh-readonly-queue/')
