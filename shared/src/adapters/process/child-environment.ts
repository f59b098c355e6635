/** Inputs carry tokens; the files are the runner's way to take outputs and environment from this very action. */
const own =
  /^(INPUT_|STATE_|GITHUB_(OUTPUT|ENV|PATH|STATE|STEP_SUMMARY|TOKEN)$|ACTIONS_RUNTIME_|NODE_OPTIONS$)/i

const plain =
  /^(PATH|PATHEXT|HOME|USER|USERPROFILE|LANG|LC_[A-Z]+|TZ|TMPDIR|TEMP|TMP|SystemRoot|ComSpec|APPDATA|(HTTPS?|NO|ALL)_PROXY|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|CI|RUNNER_(TEMP|OS|ARCH|TOOL_CACHE)|GITHUB_(WORKSPACE|REPOSITORY|SHA|REF|RUN_ID|RUN_ATTEMPT|SERVER_URL|API_URL))$/i

/** What any program needs to run at all, and where it runs; nothing that a job keeps secret. */
export const isPlainVariable = (name: string): boolean => plain.test(name)

/** What a caller's program gets to see: our environment without our inputs, outputs and tokens, plus `more`. */
export const childEnvironment = (
  env: Record<string, string | undefined>,
  more: Record<string, string> = {},
  inherits: (name: string) => boolean = () => true,
): Record<string, string> => {
  const kept = Object.entries(env).filter(
    ([name, value]) => value !== undefined && !own.test(name) && inherits(name),
  )
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...more }
}
