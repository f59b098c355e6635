/** Inputs carry tokens; the files are the runner's way to take outputs and environment from this very action. */
const own =
  /^(INPUT_|STATE_|GITHUB_(OUTPUT|ENV|PATH|STATE|STEP_SUMMARY|TOKEN)$|ACTIONS_RUNTIME_|NODE_OPTIONS$)/i

/** What a caller's program gets to see: our environment without our inputs, outputs and tokens, plus `more`. */
export const childEnvironment = (
  env: Record<string, string | undefined>,
  more: Record<string, string> = {},
): Record<string, string> => {
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && !own.test(name))
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...more }
}
